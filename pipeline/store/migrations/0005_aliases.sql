-- Addresses that lead to the document at `leads_to`: links through shorteners, redirects, older addresses of a page.
-- The document may come later, so it is named by its address.
CREATE TABLE store.aliases (
    url      VARCHAR PRIMARY KEY,
    leads_to VARCHAR NOT NULL,
    seen_at  TIMESTAMP NOT NULL,
    run_id   VARCHAR NOT NULL
);
