-- What `held` of `settled` claims say of a record: pure arithmetic (pipeline/track.py), kept for the counts that occur.
CREATE TABLE store.intervals (
    held    INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    rate    DOUBLE NOT NULL,
    low     DOUBLE NOT NULL,
    high    DOUBLE NOT NULL,
    PRIMARY KEY (held, settled)
);
