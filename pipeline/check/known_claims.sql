-- name: published
SELECT value FROM meta WHERE key = 'published_at';

-- name: models
SELECT DISTINCT model FROM search.vectors;

-- name: claims
-- All claims in the order in which their vectors count them.
SELECT c.claim_id, c.claim, c.kind, c.organisations, c.entities, c.event_at, c.event_precision
FROM claims AS c JOIN search.claims AS p USING (claim_id) ORDER BY p.place;

-- name: vectors
-- Each with the number of its claim in that order.
SELECT p.number AS claim, v.scale, v.vector
FROM search.vectors AS v
JOIN (SELECT place, row_number() OVER (ORDER BY place) - 1 AS number FROM search.claims) AS p
    ON p.place = v.claim
WHERE v.model = $model ORDER BY v.claim;

-- name: states
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
