-- How much each claim deserves a check, and why; replaced whenever the claim is judged.
CREATE TABLE store.checkworthy (
    claim_id    VARCHAR PRIMARY KEY,
    checkworthy DOUBLE NOT NULL,
    why         VARCHAR[] NOT NULL
);
