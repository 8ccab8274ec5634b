-- How many items a crawl's listing held (null where it was not read whole, or had not changed), and how many the
-- source was declared to hold in that night.
ALTER TABLE store.crawls ADD COLUMN listed INTEGER;
ALTER TABLE store.crawls ADD COLUMN expect_min INTEGER;
ALTER TABLE store.crawls ADD COLUMN expect_max INTEGER;
