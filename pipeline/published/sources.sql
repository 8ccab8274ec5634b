-- name: page
-- Sources, or those who are quoted: whoever has a record and is no source.
WITH listed AS (
    SELECT 'source' AS who, source_id, name, platform, role, url, organisation, documents FROM sources
    UNION ALL
    SELECT who, who_id, name, '', '', NULL, NULL, 0 FROM track_records WHERE slice = 'all' AND who <> 'source'
)
SELECT l.*, coalesce(t.claims, 0) AS claims, coalesce(t.first, 0) AS first, coalesce(t.settled, 0) AS settled,
       coalesce(t.held, 0) AS held,
       coalesce(t.open, 0) AS open, coalesce(t.void, 0) AS void, t.rate, t.low, t.high,
       coalesce(t.few, true) AS few, t.lead_days,
       coalesce(t.lead_claims, 0) AS lead_claims, coalesce(t.same_time, 0) AS same_time,
       coalesce(t.joined, 0) AS joined,
       coalesce(t.repeated, 0) AS repeated,
       coalesce(t.repeated_failed, 0) AS repeated_failed, coalesce(t.denied, 0) AS denied,
       coalesce(t.own, 0) AS own, count(*) OVER () AS total
FROM listed AS l
LEFT JOIN track_records AS t ON t.who = l.who AND t.who_id = l.source_id AND t.slice = 'all'
WHERE l.who = $who
  AND ($source_id::VARCHAR = '' OR l.source_id = $source_id)
  AND (len($roles::VARCHAR[]) = 0 OR list_contains($roles::VARCHAR[], l.role))
  AND (len($platforms::VARCHAR[]) = 0 OR list_contains($platforms::VARCHAR[], l.platform))
  AND ($name::VARCHAR = '' OR contains(strip_accents(lower(l.name)), strip_accents(lower($name))))
ORDER BY CASE $sort::VARCHAR
             WHEN 'claims' THEN t.claims
             WHEN 'first' THEN t.first
             WHEN 'record' THEN CASE WHEN NOT t.few THEN t.low END
             WHEN 'early' THEN t.lead_days
             WHEN 'repeated' THEN t.repeated
             WHEN 'documents' THEN l.documents
         END DESC NULLS LAST, t.settled DESC NULLS LAST, t.claims DESC NULLS LAST, l.name, l.source_id
LIMIT $limit OFFSET $offset;

-- name: slices
-- One record by kind and by organisation, as far as it was first on anything there.
SELECT slice, value, first, settled, held, rate, low, high, few
FROM track_records
WHERE who = $who AND who_id = $source_id AND slice <> 'all' AND first > 0
ORDER BY slice DESC, settled DESC, first DESC, value
LIMIT $limit;

-- name: claims
-- What a source or speaker did toward each claim, in its earliest words of that, and whether it counts.
SELECT t.claim_id, c.claim, t.status, t.part, t.own, t.counted, t.why, t.lead_days, t.stance, e.quote,
       e.speaker, e.url, t.said_at,
       t.said_precision, e.voice_name, e.source, count(*) OVER () AS total
FROM track_record_claims AS t
JOIN claims AS c USING (claim_id)
JOIN evidence AS e ON e.claim_id = t.claim_id AND e.evidence_id = t.evidence_id
WHERE t.who = $who AND t.who_id = $source_id
  AND CASE $show::VARCHAR WHEN 'all' THEN true WHEN 'counted' THEN t.counted
      WHEN 'first' THEN t.part = 'first' AND NOT t.own
           WHEN 'own' THEN t.own ELSE t.part = $show END
ORDER BY coalesce(t.said_at, e.seen_at) DESC, t.claim_id
LIMIT $limit OFFSET $offset;

-- name: crawls
SELECT started_at, outcome, documents, message
FROM crawls
WHERE feed = $source_id
ORDER BY started_at DESC LIMIT 14;

-- name: takes
-- From whom a source takes what it tells, most claims first; who is not stored has no id.
SELECT origin_source_id AS source_id, origin AS name, documents, claims, signs, count(*) OVER () AS total
FROM repeats WHERE source_id = $source_id
ORDER BY claims DESC, documents DESC, origin, origin_source_id LIMIT $limit;

-- name: taken
-- Who takes from a source, most claims first.
SELECT source_id, source AS name, documents, claims, signs, count(*) OVER () AS total
FROM repeats WHERE origin_source_id = $source_id
ORDER BY claims DESC, documents DESC, source, source_id LIMIT $limit;
