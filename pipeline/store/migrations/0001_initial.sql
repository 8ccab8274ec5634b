-- Times are UTC. A row is appended and never changed, except where a comment says so.
-- Tables live in the schema `store`; the public views over them (pipeline/sql/views.sql) in `main`.

CREATE SCHEMA store;

CREATE TABLE store.sources (
    source_id    VARCHAR PRIMARY KEY,
    name         VARCHAR NOT NULL,
    platform     VARCHAR NOT NULL,
    role         VARCHAR NOT NULL,
    url          VARCHAR,
    organisation VARCHAR
);

-- gone_at, gone_after, gone_evidence, title and score follow the newest version. language is set by extract where the
-- document does not say it.
CREATE TABLE store.documents (
    document_id         VARCHAR PRIMARY KEY,
    url                 VARCHAR,
    platform            VARCHAR NOT NULL,
    source_id           VARCHAR NOT NULL,
    feed                VARCHAR NOT NULL,
    author              VARCHAR,
    author_name         VARCHAR,
    title               VARCHAR,
    published_at        TIMESTAMP,
    published_precision VARCHAR NOT NULL,
    published_from      VARCHAR NOT NULL,
    seen_at             TIMESTAMP NOT NULL,
    language            VARCHAR,
    in_reply_to         VARCHAR,
    artefact            BOOLEAN NOT NULL,
    score               BIGINT,
    gone_at             TIMESTAMP,
    gone_after          TIMESTAMP,
    gone_evidence       VARCHAR,
    run_id              VARCHAR NOT NULL
);

CREATE TABLE store.versions (
    version_id   VARCHAR PRIMARY KEY,
    document_id  VARCHAR NOT NULL,
    number       INTEGER NOT NULL,
    title        VARCHAR,
    text         VARCHAR NOT NULL,
    text_sha256  VARCHAR NOT NULL,
    unchanged_at TIMESTAMP,
    seen_at      TIMESTAMP NOT NULL,
    sha256       VARCHAR,
    warc         VARCHAR,
    run_id       VARCHAR NOT NULL
);

-- When a document was last seen as its newest version has it; moves with every sighting.
CREATE TABLE store.sightings (
    document_id  VARCHAR PRIMARY KEY,
    last_seen_at TIMESTAMP NOT NULL
);

CREATE TABLE store.links (
    document_id VARCHAR NOT NULL,
    url         VARCHAR NOT NULL,
    kind        VARCHAR NOT NULL,
    words       VARCHAR,
    PRIMARY KEY (document_id, url, kind)
);

-- How far each inbox file has been read: `lines` moves in the transaction that stores those lines. `bytes` is the
-- file's size when its end was reached, null until then; a file that has grown since is read on.
CREATE TABLE store.inbox_files (
    path  VARCHAR PRIMARY KEY,
    lines BIGINT NOT NULL,
    bytes BIGINT
);

CREATE TABLE store.crawls (
    run_id      VARCHAR NOT NULL,
    feed        VARCHAR NOT NULL,
    started_at  TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NOT NULL,
    outcome     VARCHAR NOT NULL,
    documents   INTEGER NOT NULL,
    requests    INTEGER NOT NULL,
    message     VARCHAR,
    PRIMARY KEY (run_id, feed, started_at)
);

CREATE TABLE store.mentions (
    mention_id           VARCHAR PRIMARY KEY,
    version_id           VARCHAR NOT NULL,
    document_id          VARCHAR NOT NULL,
    part                 VARCHAR NOT NULL,
    start_char           INTEGER NOT NULL,
    end_char             INTEGER NOT NULL,
    quote                VARCHAR NOT NULL,
    proposition          VARCHAR NOT NULL,
    kind                 VARCHAR NOT NULL,
    speaker              VARCHAR,
    speaker_role         VARCHAR NOT NULL,
    speaker_organisation VARCHAR,
    speech_verb          VARCHAR,
    attributed_to        VARCHAR,
    negated              BOOLEAN NOT NULL,
    certainty            VARCHAR NOT NULL,
    event_at             TIMESTAMP,
    event_precision      VARCHAR NOT NULL,
    organisations        VARCHAR[] NOT NULL,
    entities             VARCHAR[] NOT NULL,
    numbers              VARCHAR[] NOT NULL,
    cues                 VARCHAR[] NOT NULL,
    said_at              TIMESTAMP,
    seen_at              TIMESTAMP NOT NULL,
    model                VARCHAR NOT NULL,
    run_id               VARCHAR NOT NULL,
    by_author            BOOLEAN NOT NULL DEFAULT false
);

-- The versions that extract has read; one without a mention stands here too.
CREATE TABLE store.extracted (
    version_id VARCHAR PRIMARY KEY,
    model      VARCHAR NOT NULL,
    mentions   INTEGER NOT NULL
);

-- The embedding of a mention's proposition: unit vector, `model` names who made it.
CREATE TABLE store.vectors (
    mention_id VARCHAR PRIMARY KEY,
    model      VARCHAR NOT NULL,
    vector     FLOAT[] NOT NULL
);

-- merged_into, claim, event_at and event_precision move with merges and editors' decisions.
CREATE TABLE store.claims (
    claim_id         VARCHAR PRIMARY KEY,
    claim            VARCHAR NOT NULL,
    kind             VARCHAR NOT NULL,
    first_mention_id VARCHAR NOT NULL,
    organisations    VARCHAR[] NOT NULL,
    entities         VARCHAR[] NOT NULL,
    event_at         TIMESTAMP,
    event_precision  VARCHAR NOT NULL,
    merged_into      VARCHAR,
    created_at       TIMESTAMP NOT NULL,
    run_id           VARCHAR NOT NULL
);

-- Which claim a mention belongs to; moves with merges and splits. `how`: new, near, merge, split.
CREATE TABLE store.members (
    mention_id VARCHAR PRIMARY KEY,
    claim_id   VARCHAR NOT NULL,
    similarity FLOAT NOT NULL,
    how        VARCHAR NOT NULL,
    run_id     VARCHAR NOT NULL
);

-- Where the machine itself put a mention; store.members is what the editors' merges and splits make of it.
CREATE TABLE store.placements (
    mention_id VARCHAR PRIMARY KEY,
    claim_id   VARCHAR NOT NULL,
    similarity FLOAT NOT NULL,
    how        VARCHAR NOT NULL
);

-- How many placed mentions hold a word (its stem): rare words say more about what a claim is.
CREATE TABLE store.terms (
    term     VARCHAR PRIMARY KEY,
    mentions BIGINT NOT NULL
);

-- Claims that look alike but differ in a slot (version, number, date): kept apart and shown together.
CREATE TABLE store.rivals (
    claim_id VARCHAR NOT NULL,
    rival_id VARCHAR NOT NULL,
    slot     VARCHAR NOT NULL,
    words    VARCHAR NOT NULL,
    PRIMARY KEY (claim_id, rival_id, slot)
);

CREATE TABLE store.evidence (
    evidence_id VARCHAR PRIMARY KEY,
    claim_id    VARCHAR NOT NULL,
    mention_id  VARCHAR NOT NULL,
    stance      VARCHAR NOT NULL,
    confidence  FLOAT NOT NULL,
    cues        VARCHAR[] NOT NULL,
    model       VARCHAR NOT NULL,
    weighed_at  TIMESTAMP NOT NULL,
    run_id      VARCHAR NOT NULL
);

CREATE TABLE store.edges (
    edge_id            VARCHAR PRIMARY KEY,
    document_id        VARCHAR NOT NULL,
    origin_document_id VARCHAR,
    origin_name        VARCHAR,
    kind               VARCHAR NOT NULL,
    strength           FLOAT NOT NULL,
    words              VARCHAR,
    run_id             VARCHAR NOT NULL
);

-- The MinHash of a document's newest text and its LSH bands: near-duplicates are found by them.
CREATE TABLE store.signatures (
    document_id VARCHAR PRIMARY KEY,
    version_id  VARCHAR NOT NULL,
    model       VARCHAR NOT NULL,
    shingles    INTEGER NOT NULL,
    minhash     UINTEGER[] NOT NULL,
    bands       UBIGINT[] NOT NULL
);

-- Pairs of documents (document_id < other_id) with nearly the same text, whichever came first.
CREATE TABLE store.copies (
    document_id VARCHAR NOT NULL,
    other_id    VARCHAR NOT NULL,
    similarity  FLOAT NOT NULL,
    PRIMARY KEY (document_id, other_id)
);

-- The documents whose provenance is worked out; a document with a new edge is taken off until it is worked out again.
CREATE TABLE store.traced (
    document_id VARCHAR PRIMARY KEY,
    run_id      VARCHAR NOT NULL
);

-- Derived from members, evidence and edges; rewritten for a claim when one of them changes.
CREATE TABLE store.origins (
    claim_id           VARCHAR NOT NULL,
    mention_id         VARCHAR NOT NULL,
    voice              VARCHAR NOT NULL,
    voice_name         VARCHAR NOT NULL,
    origin_document_id VARCHAR,
    independent        BOOLEAN NOT NULL,
    reason             VARCHAR NOT NULL,
    PRIMARY KEY (claim_id, mention_id)
);

CREATE TABLE store.verdicts (
    claim_id     VARCHAR NOT NULL,
    judged_at    TIMESTAMP NOT NULL,
    step         INTEGER NOT NULL,
    moved_at     TIMESTAMP,
    status       VARCHAR NOT NULL,
    score        FLOAT NOT NULL,
    voices       INTEGER NOT NULL,
    rule         VARCHAR NOT NULL,
    reason       VARCHAR NOT NULL,
    evidence_ids VARCHAR[] NOT NULL,
    would_change VARCHAR NOT NULL,
    run_id       VARCHAR NOT NULL,
    PRIMARY KEY (claim_id, judged_at, step)
);

-- What a claim's last judgement was made from; the claim is judged anew when this changes.
CREATE TABLE store.judged (
    claim_id    VARCHAR PRIMARY KEY,
    fingerprint VARCHAR NOT NULL,
    judged_at   TIMESTAMP NOT NULL
);

-- Copied from the editors' journal at the start of each run.
CREATE TABLE store.decisions (
    decision_id VARCHAR PRIMARY KEY,
    kind        VARCHAR NOT NULL,
    target      VARCHAR NOT NULL,
    value       VARCHAR,
    reason      VARCHAR NOT NULL,
    editor      VARCHAR NOT NULL,
    decided_at  TIMESTAMP NOT NULL,
    undone_at   TIMESTAMP
);

-- finished_at, outcome and message are set when the run ends.
CREATE TABLE store.runs (
    run_id      VARCHAR PRIMARY KEY,
    command     VARCHAR NOT NULL,
    started_at  TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    outcome     VARCHAR NOT NULL,
    message     VARCHAR
);

CREATE TABLE store.stage_runs (
    run_id  VARCHAR NOT NULL,
    stage   VARCHAR NOT NULL,
    inputs  BIGINT NOT NULL,
    done    BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    failed  BIGINT NOT NULL,
    seconds DOUBLE NOT NULL,
    detail  JSON NOT NULL,
    PRIMARY KEY (run_id, stage)
);

CREATE TABLE store.issues (
    issue_id  VARCHAR PRIMARY KEY,
    run_id    VARCHAR NOT NULL,
    seen_at   TIMESTAMP NOT NULL,
    stage     VARCHAR NOT NULL,
    severity  VARCHAR NOT NULL,
    code      VARCHAR NOT NULL,
    source_id VARCHAR,
    place     VARCHAR,
    message   VARCHAR NOT NULL
);
