-- What second readers said of claims and mentions on which a verdict turned: where the mention stands, and by
-- which of its words; or why the answer was refused. `evidence_id` is the evidence that stood there then.
-- Only appended to; a reader is asked once about a pair.
CREATE TABLE store.second_opinions (
    claim_id    VARCHAR NOT NULL,
    mention_id  VARCHAR NOT NULL,
    model       VARCHAR NOT NULL,
    evidence_id VARCHAR NOT NULL,
    relation    VARCHAR CHECK (relation IN ('supports', 'denies', 'questions', 'reports', 'unrelated')),
    quotation   VARCHAR,
    refused     VARCHAR,
    asked_at    TIMESTAMP NOT NULL,
    run_id      VARCHAR NOT NULL,
    PRIMARY KEY (claim_id, mention_id, model),
    CHECK ((relation IS NULL) = (quotation IS NULL) AND (relation IS NULL) = (refused IS NOT NULL))
);
