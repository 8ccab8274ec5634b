-- name: todo
-- The counts of settled claims for which no interval is stored yet.
SELECT DISTINCT held, settled FROM step.records
ANTI JOIN store.intervals USING (held, settled)
WHERE settled > 0
ORDER BY settled, held;
