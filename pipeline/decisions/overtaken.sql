-- name: rulings
-- The decision that each claim's status rests on in a published copy, with all that decisions name it by.
SELECT claim_id, arg_max(decision_id, (decided_at, number)) AS decision_id, max(number) AS number,
       list(DISTINCT target) AS targets
FROM decisions
WHERE kind = 'status' AND undone_at IS NULL AND claim_id IS NOT NULL
GROUP BY claim_id;
