-- Whose each source is (pipeline/families.py): the key and name of its house, null where none is known. `data` tells by
-- which data and address that was said; it is said anew, and the source's documents are traced anew, when they change.
CREATE TABLE store.houses (
    source_id VARCHAR PRIMARY KEY,
    house     VARCHAR,
    name      VARCHAR,
    data      VARCHAR NOT NULL
);
