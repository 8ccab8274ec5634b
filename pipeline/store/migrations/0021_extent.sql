-- How much of its document a version holds; the headline that its page shows, where it states another for
-- machines; and why it is no edit of the version before: `fuller` where more of the document could be read
-- than before, `reader` where another reader read it; when its page says that it was last changed. Which
-- reader last saw a document.
ALTER TABLE store.versions ADD COLUMN extent VARCHAR DEFAULT 'whole';
ALTER TABLE store.versions ADD COLUMN headline VARCHAR;
ALTER TABLE store.versions ADD COLUMN read_anew VARCHAR;
ALTER TABLE store.versions ADD COLUMN modified_at TIMESTAMP;
ALTER TABLE store.versions ADD COLUMN modified_precision VARCHAR DEFAULT 'unknown';
ALTER TABLE store.sightings ADD COLUMN reader INTEGER DEFAULT 1;
