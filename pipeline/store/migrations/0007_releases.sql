-- Which release a claim (a release, or its delay) speaks of, which rung it asks for and the highest that is reached;
-- replaced whenever the claim is judged.
CREATE TABLE store.releases (
    claim_id     VARCHAR PRIMARY KEY,
    model        VARCHAR,
    organisation VARCHAR,
    release_key  VARCHAR,
    rung         VARCHAR,
    rung_reached VARCHAR
);

CREATE TABLE store.rungs (
    claim_id    VARCHAR NOT NULL,
    rung        VARCHAR NOT NULL,
    reached_at  TIMESTAMP NOT NULL,
    said        BOOLEAN NOT NULL,
    document_id VARCHAR NOT NULL,
    evidence_id VARCHAR,
    words       VARCHAR NOT NULL,
    PRIMARY KEY (claim_id, rung)
);

-- How a dated claim will be resolved, written when the claim is first judged and never changed. `void`: why it cannot be.
CREATE TABLE store.resolutions (
    claim_id  VARCHAR PRIMARY KEY,
    seen_at   TIMESTAMP NOT NULL,
    deadline  TIMESTAMP,
    precision VARCHAR NOT NULL,
    how       VARCHAR NOT NULL,
    void      VARCHAR,
    run_id    VARCHAR NOT NULL
);

-- How dated claims came out; replaced whenever the claim is judged.
CREATE TABLE store.outcomes (
    claim_id    VARCHAR PRIMARY KEY,
    state       VARCHAR NOT NULL,
    resolved_at TIMESTAMP,
    reason      VARCHAR NOT NULL
);
