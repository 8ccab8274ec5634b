-- name: files
SELECT path, lines, bytes FROM store.inbox_files;

-- name: progress
INSERT OR REPLACE INTO store.inbox_files VALUES ($path, $lines, $bytes);

-- name: stored
-- What ingest must know of documents that are there already.
SELECT d.document_id, v.number, v.text_sha256, v.extent, s.last_seen_at, s.reader, d.gone_at, d.published_at,
       d.not_before, coalesce(s.url, d.url) AS url
FROM store.documents AS d
JOIN (
    SELECT document_id, max(number) AS number, arg_max(text_sha256, number) AS text_sha256,
           arg_max(extent, number) AS extent
    FROM store.versions
    WHERE document_id IN (SELECT unnest($ids))
    GROUP BY document_id
) AS v USING (document_id)
JOIN store.sightings AS s USING (document_id);

-- name: held
SELECT 1 FROM store.versions WHERE document_id = $document_id AND text_sha256 = $text_sha256 LIMIT 1;

-- name: follow
-- The newest version's title and score.
UPDATE store.documents SET title = $title, score = coalesce($score, score) WHERE document_id = $document_id;

-- name: back
-- What was seen after its deletion is there.
UPDATE store.documents SET gone_at = NULL, gone_after = NULL, gone_evidence = NULL, gone_run_id = NULL
WHERE document_id = $document_id AND gone_at <= $seen_at;

-- name: date
-- A publication time fills an unknown one and never replaces a known one. One that was over before the
-- document can have been published is none.
UPDATE store.documents
SET published_at = $published_at, published_precision = $published_precision, published_from = $published_from
WHERE document_id = $document_id AND published_at IS NULL
  AND NOT coalesce(step.ends($published_at::TIMESTAMP, $published_precision) <= not_before, false);

-- name: bound
-- Nor is a bound that lies after all of the time of publication, or after the first sight.
UPDATE store.documents
SET not_before = $not_before
WHERE document_id = $document_id AND not_before IS NULL AND $not_before <= seen_at
  AND NOT coalesce(step.ends(published_at, published_precision) <= $not_before, false);

-- name: gone
-- Not where the document was seen after that: files of a night and of a revisit beside it are read one after
-- the other. Nor where another host of its site showed it last: this one may just have been given up.
UPDATE store.documents
SET gone_at = $gone_at, gone_after = coalesce($gone_after, gone_after), gone_evidence = $evidence,
    gone_run_id = $run_id
WHERE document_id = $document_id AND gone_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM store.sightings AS s WHERE s.document_id = $document_id
                  AND (s.last_seen_at > $gone_at OR split_part(s.url, '/', 3) <> split_part($url, '/', 3)));

-- name: declared
SELECT source_id, name, platform, role, url, organisation FROM store.sources
WHERE source_id IN (SELECT unnest($ids));

-- name: own
-- What its own feed says of an account, whichever listing showed it first.
UPDATE store.sources SET role = $role, url = $url, organisation = $organisation WHERE source_id = $source_id;
