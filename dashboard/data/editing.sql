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
-- The words of claims, mentions and stories, by their ids.
SELECT claim_id AS target, claim AS words FROM claims WHERE list_contains($ids::VARCHAR[], claim_id)
UNION ALL
SELECT mention_id, quote FROM mentions WHERE list_contains($ids::VARCHAR[], mention_id)
UNION ALL
SELECT story_id, title FROM stories WHERE list_contains($ids::VARCHAR[], story_id);

-- name: near_stories
-- Stories that share a name with one, those that share most and were talked about nearest to it first.
WITH mine AS (
    SELECT *, list_concat(organisations, entities) AS names FROM stories WHERE story_id = $story_id
)
SELECT s.story_id, s.title
FROM stories AS s CROSS JOIN mine AS m
WHERE s.story_id <> m.story_id AND list_has_any(m.names, list_concat(s.organisations, s.entities))
ORDER BY len(list_intersect(m.names, list_concat(s.organisations, s.entities))) DESC,
         abs(date_diff('day', s.last_said_at, m.last_said_at)) NULLS LAST, s.story_id
LIMIT 30;

-- name: about_story
-- What editors decided about a story and did not take back, with the words of what each decision names.
SELECT d.kind, d.editor, d.decided_at, d.reason, d.value, d.target,
       coalesce(t.title, c.claim) AS other,
       (SELECT list(left(n.claim, 400) ORDER BY n.claim_id) FROM claims AS n
        WHERE list_contains(string_split(d.value, ' '), n.claim_id)) AS claims
FROM decisions AS d
LEFT JOIN stories AS t ON t.story_id = d.target AND d.kind = 'story_merge' AND t.story_id <> d.story_id
LEFT JOIN claims AS c ON c.claim_id = d.target
WHERE d.story_id = $story_id AND d.undone_at IS NULL
ORDER BY d.number DESC
LIMIT 20;
