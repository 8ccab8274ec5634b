-- Pairs of claims that were nearly put together when the later of them was last added to: for editors to look at.
CREATE TABLE store.grey_pairs (
    claim_id VARCHAR NOT NULL,
    other_id VARCHAR NOT NULL,
    score    FLOAT NOT NULL,
    run_id   VARCHAR NOT NULL,
    PRIMARY KEY (claim_id, other_id)
);
