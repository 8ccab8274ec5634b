-- Every sentence or short post that names something tracked, or stands where such a name was given: evidence
-- is gathered from them, whether or not they found a claim. `speaker` speaks where `speech` names nobody
-- else.
CREATE TABLE store.passages (
    passage_id    VARCHAR PRIMARY KEY,
    version_id    VARCHAR NOT NULL,
    document_id   VARCHAR NOT NULL,
    part          VARCHAR NOT NULL,
    start_char    INTEGER NOT NULL,
    end_char      INTEGER NOT NULL,
    names         VARCHAR[] NOT NULL,
    organisations VARCHAR[] NOT NULL,
    inherited     VARCHAR[] NOT NULL,
    numbers       VARCHAR[] NOT NULL,
    language      VARCHAR NOT NULL,
    speaker       VARCHAR,
    speaker_organisation VARCHAR,
    said_at       TIMESTAMP,
    seen_at       TIMESTAMP NOT NULL,
    model         VARCHAR NOT NULL,
    run_id        VARCHAR NOT NULL
);

-- How a sentence is said, where that is not its publisher's plain assertion.
CREATE TABLE store.speech (
    version_id           VARCHAR NOT NULL,
    part                 VARCHAR NOT NULL,
    start_char           INTEGER NOT NULL,
    end_char             INTEGER NOT NULL,
    voice                VARCHAR NOT NULL,
    speaker              VARCHAR,
    speaker_organisation VARCHAR,
    speech_verb          VARCHAR,
    attributed_to        VARCHAR,
    certainty            VARCHAR NOT NULL,
    PRIMARY KEY (version_id, part, start_char)
);

-- The embedding of a passage, and of a claim's sentence: unit vectors, `model` names who made them.
CREATE TABLE store.passage_vectors (
    passage_id VARCHAR PRIMARY KEY,
    model      VARCHAR NOT NULL,
    vector     FLOAT[] NOT NULL
);
CREATE TABLE store.claim_vectors (
    claim_id VARCHAR PRIMARY KEY,
    claim    VARCHAR NOT NULL,
    model    VARCHAR NOT NULL,
    vector   FLOAT[] NOT NULL
);

-- The claims for which passages were gathered, with the relation model that read them; another wording is
-- gathered for again.
CREATE TABLE store.gathered (
    claim_id VARCHAR PRIMARY KEY,
    claim    VARCHAR NOT NULL,
    model    VARCHAR NOT NULL
);

-- Which mentions may found a claim, by a model that did not write their sentences; of the others none is
-- made. One that founds nothing was `considered` once it was put to the claims of its night.
CREATE TABLE store.foundings (
    mention_id  VARCHAR PRIMARY KEY,
    probability FLOAT NOT NULL,
    founds      BOOLEAN NOT NULL,
    considered  BOOLEAN NOT NULL DEFAULT false,
    model       VARCHAR NOT NULL,
    run_id      VARCHAR NOT NULL
);

-- Versions read by an earlier Rumortrail have no passages: they are read again.
DELETE FROM store.extracted;
