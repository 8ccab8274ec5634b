-- What `watches.sqlite` holds. Times are text in ISO 8601, UTC. A step that was released is never changed: a
-- new one is added.

-- name: watches
CREATE TABLE watches (
    watch_id        TEXT PRIMARY KEY,
    name            TEXT NOT NULL,
    owner           TEXT NOT NULL,
    filter          TEXT NOT NULL,      -- as the query of an address
    atom            INTEGER NOT NULL,
    mail            TEXT NOT NULL,
    webhook         TEXT NOT NULL,
    rhythm          TEXT NOT NULL,
    quiet           TEXT NOT NULL,
    zone            TEXT NOT NULL,
    token           TEXT NOT NULL UNIQUE,
    created_at      TEXT NOT NULL,
    mail_stopped_at TEXT,               -- since when mail_stops holds its address
    paused_at       TEXT,
    due_since       TEXT                -- what it has not told came due then, in its quiet hours
) STRICT;

-- The addresses, in small letters, whose readers stopped the mail of a watch: none of them gets it again.
CREATE TABLE mail_stops (
    watch_id   TEXT NOT NULL REFERENCES watches ON DELETE CASCADE,
    mail       TEXT NOT NULL,
    stopped_at TEXT NOT NULL,
    PRIMARY KEY (watch_id, mail)
) STRICT, WITHOUT ROWID;

-- The claims as they stood in the last published copy that was looked at.
CREATE TABLE claim_states (
    claim_id TEXT PRIMARY KEY,
    status   TEXT NOT NULL,
    voices   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Everything that has happened to claims by then, by its ids: none of it is news again.
CREATE TABLE known_events (event_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- The copy that was looked at last; one row.
CREATE TABLE looked (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    published_at TEXT NOT NULL
) STRICT;

-- What a watch has not told yet. `fields` is the event as JSON.
CREATE TABLE pending (
    number   INTEGER PRIMARY KEY,
    watch_id TEXT NOT NULL REFERENCES watches ON DELETE CASCADE,
    event_id TEXT NOT NULL,
    made_at  TEXT NOT NULL,
    fields   TEXT NOT NULL,
    UNIQUE (watch_id, event_id)
) STRICT;

-- What is to be sent, and what was. `body` is sent as it stands. `state` is waiting, sending (a process began
-- and has not told how it ended), sent, failed (given up) or unknown (a process was killed while it sent it,
-- twice). `begun` counts beginnings whose end nobody knows, `tries` those that failed for certain.
CREATE TABLE messages (
    message_id TEXT PRIMARY KEY,
    watch_id   TEXT NOT NULL REFERENCES watches ON DELETE CASCADE,
    channel    TEXT NOT NULL,
    made_at    TEXT NOT NULL,
    next_at    TEXT NOT NULL,
    body       BLOB NOT NULL,
    state      TEXT NOT NULL,
    begun      INTEGER NOT NULL DEFAULT 0,
    tries      INTEGER NOT NULL DEFAULT 0,
    ended_at   TEXT,
    fault      TEXT
) STRICT;
CREATE INDEX messages_by_state ON messages (state, next_at);

-- name: message_events
-- The events that a message tells, in their order. `fields` as in `pending`.
CREATE TABLE message_events (
    message_id TEXT NOT NULL REFERENCES messages ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    fields     TEXT NOT NULL,
    PRIMARY KEY (message_id, number)
) STRICT, WITHOUT ROWID;

-- 1: its events, or its reader, changed since it was composed, so that it is composed anew before it is sent.
ALTER TABLE messages ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;

-- name: readers
-- The mail addresses, in small letters ("" for none), that a watch has or had: `token` stands in the mails to
-- that one and stops them, for good.
CREATE TABLE readers (
    token      TEXT PRIMARY KEY,
    watch_id   TEXT NOT NULL REFERENCES watches ON DELETE CASCADE,
    mail       TEXT NOT NULL,
    stopped_at TEXT,
    UNIQUE (watch_id, mail)
) STRICT, WITHOUT ROWID;
INSERT INTO readers SELECT token, watch_id, lower(mail), mail_stopped_at FROM watches;
INSERT OR IGNORE INTO readers
SELECT lower(hex(randomblob(24))), watch_id, mail, stopped_at FROM mail_stops;
DROP TABLE mail_stops;

CREATE TABLE watches_without_tokens (
    watch_id   TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    owner      TEXT NOT NULL,
    filter     TEXT NOT NULL,
    atom       INTEGER NOT NULL,
    mail       TEXT NOT NULL,
    webhook    TEXT NOT NULL,
    rhythm     TEXT NOT NULL,
    quiet      TEXT NOT NULL,
    zone       TEXT NOT NULL,
    created_at TEXT NOT NULL,
    paused_at  TEXT,
    due_since  TEXT
) STRICT;
INSERT INTO watches_without_tokens
SELECT watch_id, name, owner, filter, atom, mail, webhook, rhythm, quiet, zone, created_at, paused_at,
       due_since
FROM watches;
DROP TABLE watches;
ALTER TABLE watches_without_tokens RENAME TO watches;

-- Watches as their readers of now have them.
CREATE VIEW kept_watches AS
SELECT w.*, r.token, r.stopped_at AS mail_stopped_at
FROM watches AS w JOIN readers AS r ON r.watch_id = w.watch_id AND r.mail = lower(w.mail)
