-- What the machine's words of a claim were about: all of it is told anew with the words. Claims whose words
-- were told anew before have kept it.
ALTER TABLE store.retold ADD COLUMN kind VARCHAR;
ALTER TABLE store.retold ADD COLUMN organisations VARCHAR[];
ALTER TABLE store.retold ADD COLUMN entities VARCHAR[];
ALTER TABLE store.retold ADD COLUMN event_at TIMESTAMP;
ALTER TABLE store.retold ADD COLUMN event_precision VARCHAR;
UPDATE store.retold AS r SET kind = c.kind, organisations = c.organisations, entities = c.entities,
                             event_at = c.event_at, event_precision = c.event_precision
FROM store.claims AS c WHERE c.claim_id = r.claim_id;
