-- From when on a step stood: moved_at, or when what moved it was seen.
ALTER TABLE store.verdicts ADD COLUMN since TIMESTAMP;

-- How each piece of evidence bore on its claim when the claim was judged: a row for each change, so that what was known
-- on a day can be judged again. `present` is false from when it belongs to the claim no more.
CREATE TABLE store.knowledge (
    claim_id    VARCHAR NOT NULL,
    evidence_id VARCHAR NOT NULL,
    known_at    TIMESTAMP NOT NULL,
    present     BOOLEAN NOT NULL,
    mention_id  VARCHAR NOT NULL,
    stance      VARCHAR NOT NULL,
    voice       VARCHAR NOT NULL,
    voice_name  VARCHAR NOT NULL,
    independent BOOLEAN NOT NULL,
    role        VARCHAR NOT NULL,
    gone        BOOLEAN NOT NULL,
    edited      BOOLEAN NOT NULL,
    PRIMARY KEY (claim_id, evidence_id, known_at)
);

-- What a later version of a document made of the words of a piece of evidence; replaced whenever the claim is judged.
CREATE TABLE store.rewordings (
    claim_id     VARCHAR NOT NULL,
    evidence_id  VARCHAR NOT NULL,
    document_id  VARCHAR NOT NULL,
    version_id   VARCHAR NOT NULL,
    before       VARCHAR NOT NULL,
    after        VARCHAR,
    hedged       BOOLEAN NOT NULL,
    noted        BOOLEAN NOT NULL,
    unchanged_at TIMESTAMP,
    seen_at      TIMESTAMP NOT NULL,
    restored_at  TIMESTAMP,
    PRIMARY KEY (claim_id, evidence_id)
);
