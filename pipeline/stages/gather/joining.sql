-- name: waiting
-- The claims that were not compared yet with these words by this model, oldest first.
SELECT c.claim_id
FROM step.shown AS c
ANTI JOIN store.compared AS g ON g.claim_id = c.claim_id AND g.claim = c.claim AND g.model = $model
ORDER BY c.created_at, c.claim_id;

-- name: claims
-- These claims and those talked about within some days of one of them. One that nobody was heard on yet may
-- be of any time. An editor has touched those that a decision other than on a stance bears on.
WITH heard AS MATERIALIZED (
    SELECT b.claim_id, min(coalesce(m.said_at, m.seen_at)) AS first_at,
           max(coalesce(m.said_at, m.seen_at)) AS last_at
    FROM store.members AS b
    JOIN store.mentions AS m USING (mention_id)
    GROUP BY b.claim_id
), asked AS (
    SELECT min(h.first_at) - to_days($days) AS since, max(h.last_at) + to_days($days) AS until,
           bool_or(h.claim_id IS NULL) AS ever
    FROM (SELECT unnest($claims::VARCHAR[]) AS claim_id) AS a
    LEFT JOIN heard AS h USING (claim_id)
), touched AS (
    SELECT DISTINCT claim_id FROM step.bearings WHERE undone_at IS NULL AND kind <> 'stance'
)
SELECT c.claim_id, c.claim, c.kind, c.organisations, c.entities, c.event_at, c.event_precision, h.first_at,
       h.last_at, c.created_at, v.vector, c.first_mention_id = '' AS followed,
       t.claim_id IS NOT NULL AS touched
FROM step.shown AS c
CROSS JOIN asked AS a
JOIN store.claim_vectors AS v ON v.claim_id = c.claim_id AND v.claim = c.claim AND v.model = $model
LEFT JOIN heard AS h ON h.claim_id = c.claim_id
LEFT JOIN touched AS t ON t.claim_id = c.claim_id
WHERE a.ever OR h.first_at IS NULL OR (h.first_at <= a.until AND h.last_at >= a.since)
ORDER BY c.claim_id;

-- name: rivals
SELECT DISTINCT claim_id, rival_id FROM step.rivals ORDER BY ALL;

-- name: joined
-- The claims that are joined to others by now, each with the one to which it was joined, the oldest join
-- first.
SELECT j.into_id, c.claim_id, c.claim, c.kind, c.organisations, c.entities, c.event_at, c.event_precision,
       NULL::TIMESTAMP AS first_at, NULL::TIMESTAMP AS last_at, c.created_at,
       c.first_mention_id = '' AS followed, false AS touched
FROM store.joins AS j
JOIN store.claims AS c USING (claim_id)
WHERE j.parted_at IS NULL
ORDER BY j.joined_at, j.claim_id, j.into_id;
