-- name: page
SELECT source_id, name, platform, role, url, organisation, claims, first, substantiated, contradicted, documents, count(*) OVER () AS total
FROM sources
WHERE (len($roles::VARCHAR[]) = 0 OR list_contains($roles::VARCHAR[], role))
  AND (len($platforms::VARCHAR[]) = 0 OR list_contains($platforms::VARCHAR[], platform))
  AND ($name::VARCHAR = '' OR contains(strip_accents(lower(name)), strip_accents(lower($name))))
ORDER BY CASE $sort::VARCHAR
             WHEN 'claims' THEN claims
             WHEN 'first' THEN first
             WHEN 'substantiated' THEN substantiated
             WHEN 'contradicted' THEN contradicted
             WHEN 'documents' THEN documents
         END DESC NULLS LAST, claims DESC, name, source_id
LIMIT $limit OFFSET $offset;

-- name: source
SELECT source_id, name, platform, role, url, organisation, claims, first, substantiated, contradicted, documents
FROM sources WHERE source_id = $source_id;

-- name: claims
-- The claims that a source's documents speak of: its first words on each, and whether it was the earliest.
SELECT c.claim_id, c.claim, c.kind, c.status, e.stance, e.quote, e.speaker, e.url, e.said_at, e.said_precision, e.seen_at,
       coalesce(e.independent, true) AS independent, e.voice_name, c.first_document_id = e.document_id AS earliest, count(*) OVER () AS total
FROM (
    SELECT * FROM evidence WHERE source_id = $source_id
    QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY coalesce(said_at, seen_at), part = 'title', mention_id) = 1
) AS e
JOIN claims AS c USING (claim_id)
ORDER BY coalesce(e.said_at, e.seen_at) DESC, c.claim_id
LIMIT $limit OFFSET $offset;

-- name: crawls
SELECT r.started_at, c.outcome, c.documents, c.message
FROM crawls AS c JOIN runs AS r USING (run_id)
WHERE c.feed = $source_id
ORDER BY r.started_at DESC LIMIT 14;
