-- How likely the words of a piece of supporting evidence bear out the whole of their claim, as the newest
-- model said. A row goes when its claim is told in other words.
CREATE TABLE store.entailments (
    evidence_id VARCHAR PRIMARY KEY,
    model       VARCHAR NOT NULL,
    probability DOUBLE NOT NULL,
    run_id      VARCHAR NOT NULL
);
