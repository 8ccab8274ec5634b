-- Claims that the machine found to say the same: `claim_id` became part of `into_id`. `forward` is how sure
-- the model is that the joined sentence bears out the other one, `backward` the other way round. `parted_at`
-- is since when the join does not hold: editors said that the two are two claims, or ended following one.
CREATE TABLE store.joins (
    claim_id  VARCHAR NOT NULL,
    into_id   VARCHAR NOT NULL,
    forward   FLOAT NOT NULL,
    backward  FLOAT NOT NULL,
    model     VARCHAR NOT NULL,
    joined_at TIMESTAMP NOT NULL,
    parted_at TIMESTAMP,
    run_id    VARCHAR NOT NULL,
    PRIMARY KEY (claim_id, into_id)
);

-- The claims that were compared with the others of their days, with these words and by this model.
CREATE TABLE store.compared (
    claim_id VARCHAR PRIMARY KEY,
    claim    VARCHAR NOT NULL,
    model    VARCHAR NOT NULL
);
