-- name: page
-- One page of the models and organisations with how the claims about each stand. $owner: only that
-- organisation's models.
WITH published AS (
    SELECT max(value::TIMESTAMP) AS now FROM meta WHERE key = 'published_at'
), counted AS (
    SELECT s.type, s.subject, min(s.owner) AS owner, min(s.who_id) AS who_id, count(*) AS claims,
           histogram(c.status) AS statuses,
           max(c.importance) AS importance, max(coalesce(c.first_said_at, c.first_seen_at)) AS newest,
           arg_max(struct_pack(claim_id := c.claim_id, claim := left(c.claim, 400), status := c.status),
                   (coalesce(c.first_said_at, c.first_seen_at), c.claim_id)) AS latest,
           arg_max(struct_pack(claim_id := c.claim_id, claim := left(c.claim, 400), status := c.status),
                   (coalesce(c.importance, -1), c.claim_id)) AS loudest,
           min(c.event_at) FILTER (due) AS next_at,
           arg_min(c.event_precision, c.event_at) FILTER (due) AS next_precision
    FROM subjects AS s
    JOIN (
        SELECT *, event_at > now AND status IN ('unverified', 'corroborated', 'disputed') AS due
        FROM claims, published
    ) AS c USING (claim_id)
    WHERE s.type IN ('model', 'organisation')
      AND ($type::VARCHAR = 'all' OR s.type = $type)
      AND ($subject::VARCHAR = '' OR s.subject = $subject)
      AND ($owner::VARCHAR = '' OR s.owner = $owner)
      AND ($name::VARCHAR = '' OR contains(strip_accents(lower(s.subject)), strip_accents(lower($name))))
    GROUP BY s.type, s.subject
), listed AS (
    SELECT *, count(*) OVER () AS total
    FROM counted
    ORDER BY CASE $sort::VARCHAR WHEN 'claims' THEN claims WHEN 'importance' THEN importance
        WHEN 'newest' THEN epoch_us(newest) END
                 DESC NULLS LAST, claims DESC, subject, type
    LIMIT $limit OFFSET $offset
)
SELECT l.* EXCLUDE (importance), coalesce(r.rungs, []) AS rungs, coalesce(m.models, 0) AS models
FROM listed AS l
LEFT JOIN (SELECT 'model' AS type, model AS subject, list(DISTINCT rung) AS rungs FROM releases
    GROUP BY model) AS r USING (type, subject)
LEFT JOIN (
    SELECT 'organisation' AS type, owner AS subject, count(DISTINCT subject) AS models
    FROM subjects WHERE type = 'model' AND owner IS NOT NULL GROUP BY owner
) AS m USING (type, subject)
ORDER BY CASE $sort::VARCHAR WHEN 'claims' THEN claims WHEN 'importance' THEN importance
    WHEN 'newest' THEN epoch_us(newest) END
             DESC NULLS LAST, claims DESC, subject, type;

-- name: claims
-- The claims about one: the most important first, or by kind, the kind of which there are most first.
WITH mine AS (
    SELECT c.claim_id, c.claim, c.kind, c.status, c.voices, c.mentions, c.first_said_at, c.first_seen_at,
           c.last_moved_at,
           c.event_at, c.event_precision, c.importance,
           count(*) OVER (PARTITION BY c.kind) AS of_kind
    FROM subjects AS s
    JOIN claims AS c USING (claim_id)
    WHERE s.type = $type AND s.subject = $subject
      AND (len($kinds::VARCHAR[]) = 0 OR list_contains($kinds::VARCHAR[], c.kind))
), listed AS (
    SELECT *, count(*) OVER () AS total
    FROM mine
    ORDER BY CASE WHEN $grouped::BOOLEAN THEN of_kind END DESC, CASE WHEN $grouped::BOOLEAN THEN kind END,
             importance DESC NULLS LAST, claim_id
    LIMIT $limit OFFSET $offset
)
SELECT l.claim_id, left(l.claim, 2000) AS claim, l.kind, l.of_kind, l.status, l.voices, l.mentions,
       l.first_said_at,
       coalesce(e.said_precision, 'unknown') AS said_precision, l.first_seen_at, l.last_moved_at, l.event_at,
       l.event_precision, l.total
FROM listed AS l
LEFT JOIN (
    SELECT claim_id, arg_min(said_precision, said_at) AS said_precision
    FROM evidence WHERE claim_id IN (SELECT claim_id FROM listed) GROUP BY claim_id
) AS e USING (claim_id)
ORDER BY CASE WHEN $grouped::BOOLEAN THEN of_kind END DESC, CASE WHEN $grouped::BOOLEAN THEN kind END,
         importance DESC NULLS LAST, claim_id;

-- name: steps
-- The steps by which some claims came to where they stand, as the newest judgement tells them.
SELECT claim_id, since, moved_at IS NOT NULL AS since_is_said, status, reason
FROM status_history
WHERE judged_until IS NULL AND claim_id IN (SELECT unnest($claim_ids::VARCHAR[]))
ORDER BY claim_id, step;

-- name: rungs
SELECT model, rung, reached_at, at_is_said, url, words, claim_id, count(*) OVER () AS total
FROM releases
WHERE CASE $type::VARCHAR WHEN 'model' THEN model ELSE organisation END = $subject
ORDER BY reached_at DESC, model, rung
LIMIT $limit;

-- name: undated
-- Claims of a release of one for a time that cannot be fixed, the newest first.
SELECT model, claim_id, left(claim, 2000) AS claim, speaker, said_at, seen_at, reason,
       count(*) OVER () AS total
FROM goalposts
WHERE deadline IS NULL AND CASE $type::VARCHAR WHEN 'model' THEN model ELSE organisation END = $subject
ORDER BY coalesce(said_at, seen_at) DESC, model, revision
LIMIT $limit;

-- name: rivals
-- Pairs of claims about one that differ in a slot, the most important first; each pair once.
WITH mine AS (
    SELECT claim_id FROM subjects WHERE type = $type AND subject = $subject
), pair AS (
    SELECT r.claim_id, r.rival_id, r.slot, r.words, greatest(a.importance, b.importance) AS importance,
           count(*) OVER () AS total
    FROM rivals AS r
    SEMI JOIN mine USING (claim_id)
    JOIN claims AS a ON a.claim_id = r.claim_id
    JOIN claims AS b ON b.claim_id = r.rival_id
    WHERE r.claim_id < r.rival_id OR r.rival_id NOT IN (FROM mine)
    ORDER BY importance DESC NULLS LAST, r.claim_id, r.rival_id
    LIMIT $limit
), measured AS (
    SELECT claim_id, min(subject) AS benchmark FROM subjects
    WHERE type = 'benchmark' AND claim_id IN (SELECT claim_id FROM pair)
    GROUP BY claim_id
)
SELECT p.claim_id, p.rival_id, p.slot, p.words, m.benchmark, p.total
FROM pair AS p
LEFT JOIN measured AS m USING (claim_id)
ORDER BY p.importance DESC NULLS LAST, p.claim_id, p.rival_id;

-- name: sides
-- Some claims with the voices that carry and that deny each, however many repeat them.
WITH spoken AS (
    SELECT claim_id, voice, min(voice_name) AS name, bool_or(stance IN ('supports', 'reports')) AS carries,
           bool_or(stance = 'denies') AS denies, min(coalesce(said_at, seen_at)) AS "at"
    FROM evidence
    WHERE claim_id IN (SELECT unnest($claim_ids::VARCHAR[])) AND voice <> 'hearsay'
    GROUP BY claim_id, voice
), told AS (
    SELECT claim_id, list(name ORDER BY "at", voice) FILTER (carries) AS carried_by,
           list(name ORDER BY "at", voice) FILTER (denies) AS denied_by
    FROM spoken GROUP BY claim_id
)
SELECT c.claim_id, left(c.claim, 2000) AS claim, c.status, c.voices, c.mentions, c.reason,
       coalesce(t.carried_by, [])[:5] AS carried_by, coalesce(t.denied_by, [])[:5] AS denied_by
FROM claims AS c
LEFT JOIN told AS t USING (claim_id)
WHERE c.claim_id IN (SELECT unnest($claim_ids::VARCHAR[]));

-- name: own
-- What an organisation's own people and channels said about it; with $admitted what they denied and is
-- substantiated.
WITH mine AS (
    SELECT claim_id, evidence_id, part, said_at, said_precision, status, count(*) OVER () AS total
    FROM track_record_claims
    WHERE who = 'organisation' AND who_id = $who_id AND own
      AND (NOT $admitted::BOOLEAN OR (part = 'denied' AND status = 'substantiated'))
    ORDER BY said_at DESC NULLS LAST, claim_id
    LIMIT $limit
)
SELECT m.claim_id, left(c.claim, 2000) AS claim, m.status, c.reason, c.last_moved_at, e.stance, e.quote,
       e.speaker, e.source, e.source_id,
       e.url, m.said_at, m.said_precision, m.total
FROM mine AS m
JOIN claims AS c USING (claim_id)
JOIN evidence AS o ON o.claim_id = m.claim_id AND o.evidence_id = m.evidence_id
-- Words in the text before those in a headline, which is by another hand.
JOIN evidence AS e ON e.claim_id = m.claim_id AND e.document_id = o.document_id AND e.stance = o.stance
    AND e.voice IS NOT DISTINCT FROM o.voice
QUALIFY row_number() OVER (
    PARTITION BY m.claim_id, m.evidence_id
    ORDER BY e.part = 'title', e.evidence_id <> o.evidence_id, e.mention_id
) = 1
ORDER BY m.said_at DESC NULLS LAST, m.claim_id;
