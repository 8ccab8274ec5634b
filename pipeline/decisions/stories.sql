-- name: said
-- What editors said of stories and did not take back, in the order in which it was said.
SELECT kind, target, value, decision_id
FROM store.decisions
WHERE undone_at IS NULL AND kind IN ('story_merge', 'story_split', 'story_title')
ORDER BY number, decided_at, decision_id;

-- name: now
-- The claim that stands for a claim by now.
SELECT c.claim_id, coalesce(c.merged_into, h.heir, c.claim_id) AS now
FROM store.claims AS c LEFT JOIN store.heirs AS h USING (claim_id)

-- name: sides
-- The claims that each decision meant, by those that stand for them now; a claim that by now stands for both
-- sides of a decision is on neither.
SELECT decision_id, now, min(side), min(story_id)
FROM store.story_sides
JOIN {now} USING (claim_id)
GROUP BY decision_id, now
HAVING count(DISTINCT side IN ('leaves')) = 1
ORDER BY decision_id, now;

-- name: held
-- The claims of stories, those that are not shown now too, by the claims that stand for them.
SELECT DISTINCT s.story_id, n.now FROM store.story_claims AS s JOIN {now} AS n USING (claim_id)
WHERE s.story_id IN (SELECT unnest($stories::VARCHAR[]))
ORDER BY ALL;

-- name: homes
SELECT s.claim_id, s.story_id FROM store.story_claims AS s
WHERE s.claim_id IN (SELECT unnest($claims::VARCHAR[]));

-- name: standing
SELECT claim_id, now FROM {now} WHERE claim_id IN (SELECT unnest($claims::VARCHAR[]));

-- name: known
SELECT story_id FROM store.stories
WHERE story_id IN (SELECT unnest($stories::VARCHAR[]))
  AND story_id NOT IN (SELECT story_id FROM store.story_heirs);

-- name: heirs
SELECT story_id, heir FROM store.story_heirs WHERE story_id IN (SELECT unnest($stories::VARCHAR[]));

-- name: beginners
-- The claims that are in a story now: one of them may have begun a story that is known by its id alone.
SELECT claim_id, story_id FROM store.story_claims ORDER BY claim_id;

-- name: together
-- Of these claims, those that stories are told of, with the story that each is in.
SELECT c.claim_id, s.story_id
FROM step.shown AS c
SEMI JOIN store.storied AS t ON t.claim_id = c.claim_id
LEFT JOIN store.story_claims AS s ON s.claim_id = c.claim_id
WHERE c.claim_id IN (SELECT unnest($claims::VARCHAR[]));

-- name: withdrawn
-- The sides of decisions that were taken back since they were carried out.
SELECT decision_id, claim_id, side, story_id FROM store.story_sides
WHERE decision_id NOT IN (SELECT unnest($standing::VARCHAR[]))
ORDER BY decision_id, claim_id;

-- name: forget_sides
DELETE FROM store.story_sides WHERE decision_id IN (SELECT unnest($decisions::VARCHAR[]));

-- name: put_back
INSERT OR REPLACE INTO store.story_claims
SELECT unnest($claims::VARCHAR[]), $story_id, $now, $run_id;

-- name: leave
DELETE FROM store.story_claims WHERE claim_id IN (SELECT unnest($claims::VARCHAR[]));

-- name: revive
DELETE FROM store.story_heirs WHERE story_id = $story_id;

-- name: emptied
SELECT story_id FROM store.stories
WHERE story_id IN (SELECT unnest($stories::VARCHAR[]))
  AND story_id NOT IN (SELECT story_id FROM store.story_claims)
  AND story_id NOT IN (SELECT story_id FROM store.story_heirs);

-- name: hand_on
UPDATE store.story_heirs SET heir = $heir WHERE heir = $story_id;
