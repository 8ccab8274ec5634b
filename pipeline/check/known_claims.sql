-- name: published
SELECT value FROM meta WHERE key = 'published_at';

-- name: models
SELECT DISTINCT model FROM search.vectors;

-- name: claims
-- All claims in the order in which their vectors count them.
SELECT c.claim_id, c.claim, c.kind, c.organisations, c.entities, c.event_at, c.event_precision
FROM claims AS c JOIN search.passages AS p USING (claim_id) ORDER BY p.place;

-- name: vectors
SELECT claim, scale, vector FROM search.vectors WHERE model = $model ORDER BY claim;

-- name: standing
SELECT claim_id, status, reason, voices, mentions, last_seen_at
FROM claims WHERE claim_id IN (SELECT unnest($claims));

-- name: first
-- The earliest words of those who said each claim first, in the order of the claim.
WITH words AS (
    SELECT claim_id, unnest(first_evidence_ids) AS evidence_id,
           generate_subscripts(first_evidence_ids, 1) AS place
    FROM claims WHERE claim_id IN (SELECT unnest($claims))
)
SELECT w.claim_id, e.speaker, e.source, e.source_id, e.url, e.quote, e.said_at, e.said_precision, e.seen_at
FROM words AS w
JOIN evidence AS e ON e.claim_id = w.claim_id AND e.evidence_id = w.evidence_id
WHERE w.place <= $most
ORDER BY w.claim_id, w.place;
