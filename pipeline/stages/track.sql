-- name: settled
-- One claim of which it is known how it came out, as `outcome` of track_record_claims has it.
SELECT claim_id FROM step.verdicts
WHERE status IN ('substantiated', 'contradicted', 'retracted', 'expired')
LIMIT 1;

-- name: todo
-- The counts of settled claims for which no interval is stored yet.
SELECT DISTINCT held, settled FROM step.records
ANTI JOIN store.intervals USING (held, settled)
WHERE settled > 0
ORDER BY settled, held;
