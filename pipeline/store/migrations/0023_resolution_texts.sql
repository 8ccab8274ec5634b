-- By what a dated claim will be resolved: the text written when it was first judged (number 1), which stands
-- for good, and those that later rules, or another reading of the claim, gave beside it.
CREATE TABLE store.resolution_texts (
    claim_id   VARCHAR NOT NULL,
    number     INTEGER NOT NULL,
    written_at TIMESTAMP NOT NULL,
    rules      VARCHAR NOT NULL,
    text       VARCHAR NOT NULL,
    why        VARCHAR NOT NULL,
    run_id     VARCHAR NOT NULL,
    PRIMARY KEY (claim_id, number)
);

-- The rules that stood behind older sentences are not known by name.
INSERT INTO store.resolution_texts
SELECT claim_id, 1, seen_at, 'earlier rules', how, 'first seen', run_id FROM store.resolutions;

ALTER TABLE store.resolutions DROP COLUMN how;
