-- What the machine's words of a claim were about: all of it is told anew with the words. Null in rows from
-- before, whose claims kept it.
ALTER TABLE store.retold ADD COLUMN kind VARCHAR;
ALTER TABLE store.retold ADD COLUMN organisations VARCHAR[];
ALTER TABLE store.retold ADD COLUMN entities VARCHAR[];
ALTER TABLE store.retold ADD COLUMN event_at TIMESTAMP;
ALTER TABLE store.retold ADD COLUMN event_precision VARCHAR;
