-- name: heard
-- Claims that are shown, with the time in which they were talked about and where.
SELECT c.claim_id, c.claim, c.entities, c.organisations,
       coalesce(h.first_at, c.created_at) AS first_at, coalesce(h.last_at, c.created_at) AS last_at,
       coalesce(h.documents, []) AS documents, coalesce(h.mentions, 0) AS mentions
FROM step.shown AS c
LEFT JOIN (
    SELECT b.claim_id, min(coalesce(m.said_at, m.seen_at)) AS first_at,
           max(coalesce(m.said_at, m.seen_at)) AS last_at, list(DISTINCT m.document_id) AS documents,
           count(*) AS mentions
    FROM store.members AS b
    JOIN store.mentions AS m USING (mention_id)
    GROUP BY b.claim_id
) AS h USING (claim_id)

-- name: changed
-- Claims that are new, or were heard of again, since they were last put to stories; those said first come
-- first.
SELECT c.claim_id
FROM {heard} AS c
ANTI JOIN store.storied AS s ON s.claim_id = c.claim_id AND s.claim = c.claim AND s.mentions = c.mentions
SEMI JOIN store.claim_vectors AS v ON v.claim_id = c.claim_id AND v.claim = c.claim AND v.model = $model
ORDER BY c.first_at, c.claim_id;

-- name: bereft
-- For each story that lost a claim since that was put to it (an editor hid it, or it was merged), one of
-- those that are left: its title may be the lost claim's words.
SELECT min(s.claim_id)
FROM store.story_claims AS s
JOIN step.shown AS c ON c.claim_id = s.claim_id
JOIN store.claim_vectors AS v ON v.claim_id = c.claim_id AND v.claim = c.claim AND v.model = $model
WHERE s.story_id IN (
    SELECT l.story_id FROM store.story_claims AS l
    SEMI JOIN store.storied AS t ON t.claim_id = l.claim_id
    ANTI JOIN step.shown AS h ON h.claim_id = l.claim_id)
GROUP BY s.story_id ORDER BY min(s.claim_id);

-- name: lose
-- So that a claim which is shown again is put to a story again.
DELETE FROM store.storied WHERE claim_id NOT IN (SELECT claim_id FROM step.shown);

-- name: around
-- These claims, those talked about within some days of one of them, and all others of the stories of those.
-- `stories` are those of the claim and of what was merged into it, `story_id` is its own.
WITH heard AS MATERIALIZED (
    FROM {heard}
), asked AS (
    SELECT first_at, last_at FROM heard WHERE claim_id IN (SELECT unnest($claims))
), near AS (
    SELECT DISTINCT h.claim_id
    FROM heard AS h
    JOIN asked AS a ON h.first_at <= a.last_at + to_days($days) AND h.last_at >= a.first_at - to_days($days)
), told AS (
    SELECT DISTINCT coalesce(c.merged_into, c.claim_id) AS claim_id, s.story_id
    FROM store.story_claims AS s
    JOIN store.claims AS c USING (claim_id)
), kin AS (
    FROM near
    UNION
    SELECT claim_id FROM told WHERE story_id IN (SELECT story_id FROM told SEMI JOIN near USING (claim_id))
)
SELECT h.claim_id, h.claim, h.entities, h.organisations, h.first_at, h.last_at, h.documents, h.mentions,
       s.story_id,
       coalesce((SELECT list(t.story_id ORDER BY t.story_id) FROM told AS t WHERE t.claim_id = h.claim_id),
                []) AS stories,
       v.vector
FROM heard AS h
SEMI JOIN kin USING (claim_id)
JOIN store.claim_vectors AS v ON v.claim_id = h.claim_id AND v.claim = h.claim AND v.model = $model
LEFT JOIN store.story_claims AS s ON s.claim_id = h.claim_id
ORDER BY h.first_at, h.claim_id;

-- name: stories
SELECT story_id, title, created_at FROM store.stories WHERE story_id IN (SELECT unnest($stories));

-- name: is_taken
SELECT count(*) FROM store.stories WHERE story_id = $story_id;

-- name: retitle
UPDATE store.stories SET title = $title WHERE story_id = $story_id;

-- name: leave
DELETE FROM store.story_claims WHERE claim_id IN (SELECT unnest($claims));

-- name: inherit
-- What a story had taken over goes on to its own heir.
UPDATE store.story_heirs SET heir = $heir WHERE heir = $story_id;

-- name: follow
-- So do its claims that are not shown now.
UPDATE store.story_claims SET story_id = $heir, since = $since, run_id = $run_id WHERE story_id = $story_id;
