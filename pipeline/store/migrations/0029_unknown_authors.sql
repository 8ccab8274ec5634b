-- Posts of authors who are nobody ("[deleted]"): an earlier Rumortrail took such a name for an account, whose
-- posts spoke with one voice.
CREATE TEMP MACRO is_nobody(name) AS trim(regexp_replace(lower(name), '[^\pL\pN]+', ' ', 'g')) IN (
    '', 'admin', 'anon', 'anonymous', 'anonymous user', 'deleted', 'deleted by user', 'deleted user', 'guest',
    'guest user', 'none', 'null', 'removed', 'u deleted', 'unknown', 'user');

-- The listing that showed the post publishes it; where a file gave none, the platform does.
CREATE TEMP TABLE of_nobody AS
SELECT document_id, author, platform, source_id AS earlier,
       CASE WHEN feed = source_id THEN platform ELSE feed END AS feed
FROM store.documents
WHERE source_id = platform || ':' || author AND is_nobody(author)
  AND (author_name IS NULL OR is_nobody(author_name))
  AND platform IN ('x', 'reddit', 'hackernews', 'bluesky', 'mastodon', 'telegram');

INSERT OR IGNORE INTO store.sources
SELECT DISTINCT feed, feed, platform, 'community', NULL, NULL FROM of_nobody;

UPDATE store.documents AS d
SET author = NULL, author_name = NULL, source_id = n.feed, feed = n.feed
FROM of_nobody AS n
WHERE d.document_id = n.document_id;

DELETE FROM store.sources
WHERE source_id IN (SELECT earlier FROM of_nobody)
  AND source_id NOT IN (SELECT source_id FROM store.documents)
  AND source_id NOT IN (SELECT feed FROM store.documents);

DELETE FROM store.houses WHERE source_id NOT IN (SELECT source_id FROM store.sources);

-- Nobody is named as the one who speaks there; whom such a post quotes is.
UPDATE store.mentions AS m
SET speaker = NULL
FROM of_nobody AS n
WHERE m.document_id = n.document_id AND m.by_author;

UPDATE store.passages AS p
SET speaker = NULL
FROM of_nobody AS n
WHERE p.document_id = n.document_id AND p.speaker = n.author;

UPDATE store.speech AS w
SET speaker = NULL
FROM of_nobody AS n
JOIN store.versions AS v USING (document_id)
WHERE w.version_id = v.version_id AND w.voice = 'author' AND w.speaker = n.author;

-- Who took it from whom, and whose voice it is, is sought again.
DELETE FROM store.traced WHERE document_id IN (SELECT document_id FROM of_nobody);

DELETE FROM store.edges
WHERE kind IN ('attribution', 'same_speaker', 'quotation')
  AND (document_id IN (SELECT document_id FROM of_nobody)
       OR origin_document_id IN (SELECT document_id FROM of_nobody));

DROP TABLE of_nobody;
DROP MACRO is_nobody;
