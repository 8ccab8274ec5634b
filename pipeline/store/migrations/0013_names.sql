-- What each name that mentions give is, as the language model of the last run knows it: organisation, model, benchmark,
-- person, venue, hardware, or unknown. `owner` is the organisation that a model or person belongs to.
CREATE TABLE store.names (
    name  VARCHAR PRIMARY KEY,
    type  VARCHAR NOT NULL,
    owner VARCHAR,
    model VARCHAR NOT NULL
);
