-- name: joins
-- All joins of claims that are there, the oldest first. One with a sentence that nobody follows any more
-- rests.
WITH sentence AS (
    SELECT claim_id,
           first_mention_id = '' AND claim_id NOT IN (
               SELECT target FROM store.decisions WHERE kind = 'follow' AND undone_at IS NULL
           ) AS dropped
    FROM store.claims
)
SELECT j.claim_id, j.into_id, a.dropped OR b.dropped AS rests
FROM store.joins AS j
JOIN sentence AS a ON a.claim_id = j.claim_id
JOIN sentence AS b ON b.claim_id = j.into_id
ORDER BY j.joined_at, j.claim_id, j.into_id;

-- name: part
-- Joins do not hold from now on that are among these pairs, and all others do.
UPDATE store.joins SET parted_at = wanted.parted_at
FROM (
    SELECT j.claim_id, j.into_id,
           CASE WHEN p.claim_id IS NOT NULL THEN coalesce(j.parted_at, $now) END AS parted_at
    FROM store.joins AS j
    LEFT JOIN (
        SELECT unnest($claims::VARCHAR[]) AS claim_id, unnest($others::VARCHAR[]) AS into_id
    ) AS p ON p.claim_id = j.claim_id AND p.into_id = j.into_id
) AS wanted
WHERE joins.claim_id = wanted.claim_id AND joins.into_id = wanted.into_id
  AND joins.parted_at IS DISTINCT FROM wanted.parted_at;
