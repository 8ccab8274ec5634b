-- name: changes
SELECT g.claim_id, c.claim, g.judged_at, g.moved_at, g.status_before, g.status, g.voices, g.reason
FROM changes AS g
JOIN step.shown AS c USING (claim_id)
ORDER BY g.judged_at DESC, g.claim_id
LIMIT $limit;
