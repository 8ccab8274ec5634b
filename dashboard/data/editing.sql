-- name: mention
SELECT mention_id, claim_id, quote FROM mentions WHERE mention_id = $mention_id;

-- name: near
-- Claims that are like one: its rivals and its grey pairs.
SELECT c.claim_id, c.claim
FROM (
    SELECT rival_id AS claim_id, 1.0 AS score FROM rivals WHERE claim_id = $claim_id
    UNION ALL SELECT other_id, score FROM grey_pairs WHERE claim_id = $claim_id
    UNION ALL SELECT claim_id, score FROM grey_pairs WHERE other_id = $claim_id
) AS n
JOIN claims AS c USING (claim_id)
GROUP BY ALL ORDER BY max(n.score) DESC, c.claim_id LIMIT 20;

-- name: among
-- Those of some mentions that stand in a claim.
SELECT mention_id, claim_id, quote FROM evidence
WHERE claim_id = $claim_id AND list_contains($mentions::VARCHAR[], mention_id);

-- name: named
-- The words of claims and of mentions, by their ids.
SELECT claim_id AS target, claim AS words FROM claims WHERE list_contains($ids::VARCHAR[], claim_id)
UNION ALL
SELECT mention_id, quote FROM mentions WHERE list_contains($ids::VARCHAR[], mention_id);
