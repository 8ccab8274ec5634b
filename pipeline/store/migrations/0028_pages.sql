-- By which address the page behind an address is known, where that is another one (`page_of` of
-- pipeline/core/same_page.py): for each address of documents, links, replies and aliases.
CREATE TABLE store.pages (
    url  VARCHAR PRIMARY KEY,
    page VARCHAR NOT NULL
);

-- The same of a document's own address; null where its page is known by it.
ALTER TABLE store.documents ADD COLUMN page VARCHAR;

-- The number of the rules by which all addresses were compared last. Until the first ingest there is none:
-- it makes one document of what an earlier Rumortrail stored for each address of a page.
CREATE TABLE store.page_rules (
    rules INTEGER NOT NULL
);

-- Documents that were found to be the same page as `document_id`, which has all that was theirs.
CREATE TABLE store.earlier_ids (
    earlier_id  VARCHAR PRIMARY KEY,
    document_id VARCHAR NOT NULL,
    url         VARCHAR NOT NULL,
    run_id      VARCHAR NOT NULL
);

-- At which of its addresses a document was last seen; null where an earlier Rumortrail saw it last, at its
-- own.
ALTER TABLE store.sightings ADD COLUMN url VARCHAR;
