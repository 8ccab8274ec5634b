-- A mention in the words of its whole sentence is put to no claim of its night where it founds none.
ALTER TABLE store.mentions ADD COLUMN whole BOOLEAN DEFAULT false;

-- What claims are searched by: a claim's sentence as the retriever reads it. store.claim_vectors compares
-- claims with each other.
CREATE TABLE store.claim_queries (
    claim_id VARCHAR PRIMARY KEY,
    claim    VARCHAR NOT NULL,
    model    VARCHAR NOT NULL,
    vector   FLOAT[] NOT NULL
);

-- By which the views that lie are known: they are laid anew for another Rumortrail, and not at each opening.
CREATE TABLE store.laid_views (
    digest VARCHAR NOT NULL
);
