-- What the lists of a site show of the published copy.

-- name: claims
-- All claims, the first seen first.
SELECT c.claim_id, left(c.claim, 2000) AS claim, c.kind, c.status, c.voices, c.mentions, c.first_said_at,
       coalesce(e.first_precision, 'day') AS first_precision, c.first_seen_at, c.last_moved_at,
       coalesce(c.importance, 0) AS importance, c.organisations, c.entities,
       c.story_id
FROM claims AS c
LEFT JOIN (
    SELECT claim_id, arg_min(said_precision, (said_at, mention_id)) AS first_precision
    FROM evidence WHERE said_at IS NOT NULL GROUP BY claim_id
) AS e USING (claim_id)
ORDER BY c.first_seen_at, c.claim_id;

-- name: subjects
-- The models and organisations that claims are about, each with its claims.
SELECT type, subject, min(owner) AS owner, list(DISTINCT claim_id) AS claim_ids
FROM subjects WHERE type IN ('model', 'organisation')
GROUP BY type, subject ORDER BY type, subject;

-- name: rungs
-- The release stages that models have reached; of each the first.
SELECT model, rung, min(reached_at) AS reached_at, arg_min(at_is_said, reached_at) AS at_is_said,
       arg_min(url, reached_at) AS url, arg_min(claim_id, reached_at) AS claim_id
FROM releases GROUP BY model, rung ORDER BY model, reached_at, rung;

-- name: sources
-- The sources that were first with a claim, and how those claims ended.
SELECT s.source_id, s.name, s.platform, s.role, s.url, t.claims, t.first, t.settled, t.held, t.rate, t.low,
       t.high, t.few, t.lead_days, t.repeated, t.denied
FROM sources AS s
JOIN track_records AS t ON t.who = 'source' AND t.who_id = s.source_id AND t.slice = 'all'
WHERE t.first > 0
ORDER BY t.settled DESC, t.first DESC, s.name, s.source_id;

-- name: firsts
-- The claims that each source was first with.
SELECT who_id AS source_id, claim_id, said_at, said_precision, lead_days, counted, why
FROM track_record_claims
WHERE who = 'source' AND part = 'first' AND NOT own
ORDER BY who_id, said_at DESC NULLS LAST, claim_id;

-- name: changes
SELECT g.claim_id, c.claim, g.judged_at, g.moved_at, g.status_before, g.status, g.voices, g.reason
FROM changes AS g
JOIN claims AS c USING (claim_id)
ORDER BY g.judged_at DESC, g.claim_id;

-- name: named
-- The claims that the pages of some claims name, and those of the stories that they are in.
WITH mine AS (
    SELECT claim_id, story_id FROM claims WHERE claim_id IN (SELECT unnest($claims::VARCHAR[]))
), beside AS (
    SELECT claim_id FROM mine
    UNION
    SELECT c.claim_id FROM claims AS c WHERE c.story_id IN (SELECT story_id FROM mine)
)
FROM beside
UNION
SELECT r.rival_id FROM rivals AS r SEMI JOIN beside USING (claim_id) SEMI JOIN claims AS c
    ON c.claim_id = r.rival_id;

-- name: heir
-- Those of some stories that others took over.
SELECT story_id, heir FROM story_heirs WHERE story_id IN (SELECT unnest($stories::VARCHAR[]));

-- name: kin
-- The stories from which some split off, and those that split off from them.
SELECT split_from AS story_id FROM stories
WHERE split_from IS NOT NULL AND story_id IN (SELECT unnest($stories::VARCHAR[]))
UNION
SELECT story_id FROM stories WHERE split_from IN (SELECT unnest($stories::VARCHAR[]));

-- name: of_stories
-- What a story's page shows beside what the pages of its claims show: the dates that they name, and its kin.
SELECT c.story_id, string_agg(DISTINCT c.claim_id, ' ' ORDER BY c.claim_id) AS claim_ids,
       list(g ORDER BY g.claim_id, g.model, g.revision) FILTER (g.claim_id IS NOT NULL)::VARCHAR AS dates,
       (SELECT list(h ORDER BY h.story_id) FROM story_heirs AS h WHERE h.heir = c.story_id)::VARCHAR AS heirs,
       (SELECT list((s.story_id, s.title) ORDER BY s.story_id) FROM stories AS s
        WHERE s.split_from = c.story_id)::VARCHAR AS split
FROM claims AS c
LEFT JOIN goalposts AS g ON g.claim_id = c.claim_id
WHERE c.story_id IS NOT NULL
GROUP BY c.story_id;

-- name: meta
SELECT key, value FROM meta;
