-- The inbox folder that a crawl wrote, one for each night: one run may read those of several nights, and two
-- runs the rest of one. Nightly runs give it their own id.
CREATE TEMP TABLE folders AS
SELECT feed, since, CASE WHEN count(*) = 1 THEN min(folder) END AS folder
FROM (
    SELECT DISTINCT split_part(path, '/', 1) AS folder, try_strptime(folder[:15], '%Y%m%dT%H%M%S') AS since,
           regexp_extract(path, '/([a-z0-9_-]+)(\.\d+)?\.jsonl\.gz$', 1) AS feed
    FROM store.inbox_files
    WHERE regexp_matches(path, '^\d{8}T\d{6}Z(-\d{3})?/')
)
WHERE since IS NOT NULL
GROUP BY feed, since;

-- A crawl wrote the newest folder with its source in it that is named no later than it began. What shares the
-- second of another keeps the id of its run, and so does what was read together with others of the source
-- where the run met issues: they do not say of which of these crawls they tell.
CREATE TEMP TABLE crawls_before AS
SELECT CASE WHEN min(folder) OVER run = max(folder) OVER run OR i.run_id IS NULL THEN folder ELSE run_id END
           AS inbox_folder, * EXCLUDE folder
FROM (
    SELECT c.*, coalesce(f.folder, c.run_id) AS folder
    FROM store.crawls AS c ASOF LEFT JOIN folders AS f ON f.feed = c.feed AND f.since <= c.started_at
)
LEFT JOIN (
    SELECT DISTINCT run_id, source_id AS feed FROM store.issues
    WHERE stage = 'crawl' AND source_id IS NOT NULL
) AS i USING (run_id, feed)
WINDOW run AS (PARTITION BY run_id, feed);

DROP TABLE store.crawls;

CREATE TABLE store.crawls (
    inbox_folder VARCHAR NOT NULL,
    feed         VARCHAR NOT NULL,
    started_at   TIMESTAMP NOT NULL,
    finished_at  TIMESTAMP NOT NULL,
    outcome      VARCHAR NOT NULL,
    documents    INTEGER NOT NULL,
    requests     INTEGER NOT NULL,
    message      VARCHAR,
    listed       INTEGER,
    expect_min   INTEGER,
    expect_max   INTEGER,
    run_id       VARCHAR NOT NULL,
    PRIMARY KEY (inbox_folder, feed, started_at)
);

INSERT OR IGNORE INTO store.crawls BY NAME FROM crawls_before ORDER BY run_id;

-- The same of an issue that stood in the inbox; null where the run itself met it.
ALTER TABLE store.issues ADD COLUMN inbox_folder VARCHAR;

UPDATE store.issues AS i
SET inbox_folder = coalesce(c.inbox_folder, i.run_id)
FROM store.issues AS j
LEFT JOIN (
    SELECT run_id, feed, min(inbox_folder) AS inbox_folder FROM store.crawls GROUP BY run_id, feed
) AS c ON c.run_id = j.run_id AND c.feed = j.source_id
WHERE j.issue_id = i.issue_id AND i.stage = 'crawl';

DROP TABLE folders;
DROP TABLE crawls_before;
