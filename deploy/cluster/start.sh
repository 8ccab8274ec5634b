#!/bin/sh
# What a container of Rumortrail begins with: it joins the cluster if that is what it is for, and its secrets
# become part of the environment, where Rumortrail looks for them.
#
#   start.sh head | worker         a node of the cluster, until it is stopped
#   start.sh night nightly ...     a node without work for others, and a command on it
#   start.sh status ...            a command
set -eu

# The ports are fixed, so that a firewall between machines can name them.
PORTS="--node-manager-port=6380 --object-manager-port=6381 --dashboard-agent-listen-port=6382
    --dashboard-agent-grpc-port=6383 --metrics-export-port=6384 --runtime-env-agent-port=6385
    --min-worker-port=10002 --max-worker-port=10201"
NODE_OPTIONS="--node-ip-address=${NODE:-} --object-store-memory=${OBJECTS:-200000000}
    --include-log-monitor=false --disable-usage-stats $PORTS"

case ${1:-} in
    head) exec ray start $NODE_OPTIONS --head --port=6379 --num-cpus=0 --include-dashboard=false --block ;;
    worker) exec ray start $NODE_OPTIONS --address="$HEAD" --num-cpus="$PROCESSORS" --block ;;
    night)
        shift
        ray start $NODE_OPTIONS --address="$HEAD" --num-cpus=0
        ;;
esac

# Read as they are written, not as a shell would.
for file in ${SECRETS:-}; do
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            [A-Z]*=*) export "$line" ;;
        esac
    done <"$file"
done
if [ -n "${OWN_CA:-}" ]; then
    # Of programs that read SSL_CERT_FILE: those whom everybody trusts, and the CA of the cluster.
    cat /etc/ssl/certs/ca-certificates.crt "$OWN_CA" >/tmp/trusted.pem
    export SSL_CERT_FILE=/tmp/trusted.pem
fi
exec rumortrail "$@"
