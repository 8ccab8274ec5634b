#!/bin/sh
# Makes what a cluster begins with: folders, a CA, a certificate for each node and server, passwords and keys.
#
#   sh deploy/cluster/prepare.sh                        as root, into /srv/rumortrail
#   sh deploy/cluster/prepare.sh FOLDER                 into another one: export RUMORTRAIL_CLUSTER=FOLDER
#   sh deploy/cluster/prepare.sh FOLDER NAME ADDRESS    one more node: its certificate, and nothing else
#
# What is there stays, so it can be run again: what was deleted of keys/ is made anew. ca.key signs whoever
# may join: keep it elsewhere once all is made.
set -eu
umask 077

FOLDER=${1:-${RUMORTRAIL_CLUSTER:-/srv/rumortrail}}
KEYS=$FOLDER/keys
DAYS=${DAYS:-825}
# The users in the containers; a user of the tests, who is not root, owns everything instead.
RUMORTRAIL=10001 CADDY=10002 STORAGE=10003 POSTGRES=999

own() { # own USER FILE...
    user=$1
    shift
    [ "$(id -u)" != 0 ] || chown "$user:$user" "$@"
}

missing() { [ ! -e "$KEYS/$1" ]; }

random() { openssl rand -hex "$1"; }

folder() { # folder USER NAME
    [ -d "$FOLDER/$2" ] || { mkdir -p "$FOLDER/$2" && own "$1" "$FOLDER/$2"; }
}

certificate() { # certificate USER NAME SUBJECT_ALTERNATIVE_NAMES
    missing "$2.pem" || return 0
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$2" \
        -keyout "$KEYS/$2.key" -out "$KEYS/$2.csr" 2>/dev/null
    printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth\nbasicConstraints=CA:FALSE\n' "$3" \
        >"$KEYS/$2.ext"
    openssl x509 -req -in "$KEYS/$2.csr" -CA "$KEYS/ca.pem" -CAkey "$KEYS/ca.key" -days "$DAYS" \
        -extfile "$KEYS/$2.ext" -out "$KEYS/$2.new" 2>/dev/null
    rm "$KEYS/$2.csr" "$KEYS/$2.ext"
    own "$1" "$KEYS/$2.key" "$KEYS/$2.new"
    mv "$KEYS/$2.new" "$KEYS/$2.pem"
}

node() { # node NAME ADDRESS
    certificate "$RUMORTRAIL" "$1" "DNS:$1,DNS:localhost,IP:$2,IP:127.0.0.1"
}

if [ $# -eq 3 ]; then
    node "$2" "$3"
    exit
fi

mkdir -p "$KEYS"
chmod 711 "$FOLDER" "$KEYS"
# The dashboard sees archive and inbox, and may write neither.
for name in home home/archive home/inbox; do folder "$RUMORTRAIL" $name; done
folder "$POSTGRES" postgres
folder "$STORAGE" storage
folder "$CADDY" caddy

if missing ca.pem; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
        -subj "/CN=Rumortrail's cluster" -addext "keyUsage=critical,keyCertSign,cRLSign" \
        -keyout "$KEYS/ca.key" -out "$KEYS/ca.pem" 2>/dev/null
    chmod 444 "$KEYS/ca.pem"
fi
# Addresses are those of compose.yaml.
node head 172.30.16.2
node night 172.30.16.10
node worker1 172.30.16.11
node worker2 172.30.16.12
certificate "$POSTGRES" postgres DNS:postgres,DNS:localhost
certificate "$STORAGE" storage DNS:storage,DNS:localhost,IP:127.0.0.1

if missing ray_token; then
    random 32 >"$KEYS/ray_token"
    own "$RUMORTRAIL" "$KEYS/ray_token"
fi
if missing writer.env; then
    writer=$(random 24) reader=$(random 24) writer_id=$(random 10) reader_id=$(random 10)
    writer_secret=$(random 24) reader_secret=$(random 24)
    random 24 >"$KEYS/postgres_admin"
    printf %s "$writer" >"$KEYS/postgres_writer"
    printf %s "$reader" >"$KEYS/postgres_reader"
    cat >"$KEYS/storage.json" <<END
{"identities": [
  {"name": "writer", "credentials": [{"accessKey": "$writer_id", "secretKey": "$writer_secret"}],
   "actions": ["Read:kept", "Write:kept", "List:kept", "Read:lake", "Write:lake", "List:lake"]},
  {"name": "reader", "credentials": [{"accessKey": "$reader_id", "secretKey": "$reader_secret"}],
   "actions": ["Read:lake/published/*"]}
]}
END
    cat >"$KEYS/reader.env" <<END
PGPASSWORD=$reader
AWS_ACCESS_KEY_ID=$reader_id
AWS_SECRET_ACCESS_KEY=$reader_secret
END
    # The last one: without it all of them are made anew.
    cat >"$KEYS/writer.env.new" <<END
PGPASSWORD=$writer
AWS_ACCESS_KEY_ID=$writer_id
AWS_SECRET_ACCESS_KEY=$writer_secret
END
    own "$POSTGRES" "$KEYS/postgres_admin" "$KEYS/postgres_writer" "$KEYS/postgres_reader"
    own "$RUMORTRAIL" "$KEYS/reader.env" "$KEYS/writer.env.new"
    own "$STORAGE" "$KEYS/storage.json"
    mv "$KEYS/writer.env.new" "$KEYS/writer.env"
fi
if missing credentials.env; then
    echo "# Tokens of platforms, NAME=value a line: docs/operations.md#credentials" >"$KEYS/credentials.env"
    own "$RUMORTRAIL" "$KEYS/credentials.env"
fi
