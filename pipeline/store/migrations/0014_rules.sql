-- The rules and release stages by which claims were judged last, as people read them.
CREATE TABLE store.rules (
    number INTEGER PRIMARY KEY, rule VARCHAR NOT NULL, status VARCHAR, holds_when VARCHAR NOT NULL,
    would_change VARCHAR NOT NULL, version VARCHAR NOT NULL
);
CREATE TABLE store.release_stages (
    number INTEGER PRIMARY KEY, rung VARCHAR NOT NULL, asked_for_by VARCHAR NOT NULL,
    shown_by VARCHAR NOT NULL
);
-- The key of a name is `step.name_key` by now.
DROP MACRO IF EXISTS step.voice_key;
