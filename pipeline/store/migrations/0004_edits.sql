-- How each version after the first differs from the one before it (pipeline/edits.py).
CREATE TABLE store.edits (
    version_id VARCHAR PRIMARY KEY,
    change     VARCHAR NOT NULL,
    noted      BOOLEAN NOT NULL,
    removed    VARCHAR NOT NULL,
    added      VARCHAR NOT NULL
);
