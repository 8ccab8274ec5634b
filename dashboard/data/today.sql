-- name: tally
-- As below, of what was learned after $since: judged, seen or decided then, however long ago it was said.
-- How many runs there were beside revisits, and which of all did not end well.
SELECT count(*) FILTER (command <> 'revisit') AS runs,
       count(*) FILTER (outcome IN ('failed', 'interrupted')) AS broken,
       arg_max(run_id, started_at) FILTER (outcome IN ('failed', 'interrupted')) AS broken_run,
       max(started_at) FILTER (outcome IN ('failed', 'interrupted')) AS broken_at,
       arg_max(message, started_at) FILTER (outcome IN ('failed', 'interrupted')) AS broken_why,
       (SELECT count(*) FROM source_health WHERE outcome = 'ok') AS read,
       (SELECT count(*) FROM source_health WHERE outcome = 'off') AS off,
       (SELECT count(*) FROM source_health WHERE stale) AS stale
FROM runs WHERE started_at > $since;

-- name: moves
-- A claim that moved several times is one row: from where it stood before to where it stands. What was new
-- then is not among them; with $alone neither are claims of stories.
WITH moved AS (
    SELECT claim_id, min(judged_at) AS first_at, max(judged_at) AS last_at FROM changes
    WHERE judged_at > $since
    GROUP BY claim_id HAVING NOT bool_or(status_before IS NULL)
), listed AS (
    SELECT m.*, left(c.claim, 2000) AS claim, c.kind, c.voices, c.mentions, c.importance,
           count(*) OVER () AS total
    FROM moved AS m JOIN claims AS c USING (claim_id)
    WHERE NOT $alone::BOOLEAN OR c.story_id IS NULL
    ORDER BY c.importance DESC NULLS LAST, m.last_at DESC, m.claim_id
    LIMIT $limit OFFSET $offset
), steps AS (
    SELECT g.claim_id, arg_min(g.status_before, g.judged_at) AS status_before,
           list(g.status ORDER BY g.judged_at) AS path
    FROM changes AS g JOIN listed AS l USING (claim_id) WHERE g.judged_at >= l.first_at
    GROUP BY g.claim_id
)
SELECT l.claim_id, l.claim, l.kind, l.voices, l.mentions, s.status_before, g.status, s.path, g.reason,
       g.judged_at, g.moved_at,
       coalesce(g.evidence_ids, []) AS evidence_ids, l.total
FROM listed AS l JOIN steps AS s USING (claim_id) JOIN changes AS g ON g.claim_id = l.claim_id
    AND g.judged_at = l.last_at
ORDER BY l.importance DESC NULLS LAST, l.last_at DESC, l.claim_id;

-- name: fresh
-- New claims, those that grow fastest first: `importance_why` has the documents of the last 48 hours
-- (docs/trace.md). With $alone those of stories are not among them.
WITH fresh AS (
    SELECT claim_id, count(*) - 1 AS moves FROM changes WHERE judged_at > $since
    GROUP BY claim_id HAVING bool_or(status_before IS NULL)
), grown AS (
    SELECT c.claim_id, f.moves, c.importance, array_to_string(c.importance_why, ' ') AS why
    FROM claims AS c JOIN fresh AS f USING (claim_id)
    WHERE NOT $alone::BOOLEAN OR c.story_id IS NULL
), listed AS (
    SELECT *, coalesce(TRY_CAST(regexp_extract(why, 'last 48 hours: (\d+)', 1) AS INTEGER), 0) AS recent,
           coalesce(TRY_CAST(regexp_extract(why, 'documents: (\d+)', 1) AS INTEGER), 0) AS documents,
           count(*) OVER () AS total
    FROM grown
    ORDER BY recent DESC, importance DESC NULLS LAST, claim_id
    LIMIT $limit OFFSET $offset
)
SELECT claim_id, left(c.claim, 2000) AS claim, c.kind, c.status, c.voices, c.mentions,
       c.supports + c.reports AS carrying, l.recent, l.documents, l.moves,
       coalesce(len(c.first_evidence_ids) - 1, 0) AS as_early, l.total
FROM listed AS l JOIN claims AS c USING (claim_id)
ORDER BY l.recent DESC, l.importance DESC NULLS LAST, claim_id;

-- name: cited
-- Evidence by its id; what a judgement cites may be evidence of another claim.
SELECT evidence_id, claim_id, stance, left(quote, 4000) AS quote, cues, speaker, speaker_role,
       speaker_organisation, attributed_to, source_id,
       source, url, said_at, said_precision, seen_at, gone_at
FROM evidence WHERE list_contains($evidence::VARCHAR[], evidence_id);

-- name: first
-- The earliest stored words of each claim, of several of about the same time those that stand first.
SELECT e.evidence_id, e.claim_id, e.stance, left(e.quote, 4000) AS quote, e.cues, e.speaker, e.speaker_role,
       e.speaker_organisation, e.attributed_to, e.source_id,
       e.source, e.url, e.said_at, e.said_precision, e.seen_at, e.gone_at
FROM claims AS c
JOIN evidence AS e ON e.claim_id = c.claim_id AND e.evidence_id = c.first_evidence_ids[1]
WHERE list_contains($claims::VARCHAR[], c.claim_id);

-- name: due
-- What foretold something for a time that ends within the week, and what foretold it for a time that is
-- over since.
WITH expired AS (
    SELECT DISTINCT claim_id FROM changes WHERE judged_at > $since AND status = 'expired'
), due AS (
    SELECT c.*, c.event_at < $now AS over FROM claims AS c
    WHERE c.event_precision <> 'unknown' AND (
        (c.event_at >= $now AND c.event_at < $now::TIMESTAMP + INTERVAL 7 DAY
        AND c.status IN ('unverified', 'corroborated', 'disputed'))
        OR (c.event_at < $now AND (c.claim_id IN (FROM expired)
            OR (c.event_at >= greatest($since::TIMESTAMP, $now::TIMESTAMP - INTERVAL 31 DAY)
                AND coalesce(c.first_said_at, c.first_seen_at) < c.event_at)))
    )
)
SELECT d.claim_id, left(d.claim, 2000) AS claim, d.kind, d.status, d.voices, d.mentions, d.event_at,
       d.event_precision, d.over,
       g.revision, g.moved_days, count(*) OVER () AS total
FROM due AS d LEFT JOIN goalposts AS g USING (claim_id)
QUALIFY row_number() OVER (PARTITION BY d.claim_id ORDER BY g.revision DESC) = 1
ORDER BY d.over, d.importance DESC NULLS LAST, d.event_at, d.claim_id
LIMIT $limit OFFSET $offset;

-- name: texts
-- Documents behind a claim that were edited, or that went: statements hedged or left out without a note
-- first, then deletions, then edits without a note.
WITH edited AS (
    SELECT document_id, max(number) AS number, bool_and(noted) AS noted, arg_max(change, number) AS change,
           arg_max(left(removed, 600), number) AS removed, arg_max(left(added, 600), number) AS added,
           min(unchanged_at) AS unchanged_at, max(seen_at) AS seen_at
    FROM edits WHERE seen_at > $since AND change IS DISTINCT FROM 'trivial'
    GROUP BY document_id
), touched AS (
    SELECT document_id FROM edited UNION SELECT document_id FROM documents WHERE gone_at > $since
), resting AS MATERIALIZED (
    SELECT e.document_id, e.claim_id, e.evidence_id FROM evidence AS e SEMI JOIN touched USING (document_id)
), reworded AS (
    SELECT r.document_id, bool_or(t.event = 'hedged') AS hedged,
           list(DISTINCT left(regexp_replace(t.reason, ', some time after [0-9: -]+$', ''), 800))
               AS rewordings
    FROM timeline AS t JOIN resting AS r ON r.claim_id = t.claim_id AND r.evidence_id = t.evidence_id
    WHERE t.event IN ('hedged', 'corrected') AND t."at" > $since
    GROUP BY r.document_id
), texts AS (
    SELECT r.document_id, max(c.importance) AS importance, count(DISTINCT c.claim_id) AS claims,
           arg_max(struct_pack(claim := c.claim_id, evidence := r.evidence_id),
                   (c.importance, c.claim_id, r.evidence_id)) AS chief
    FROM resting AS r JOIN claims AS c USING (claim_id)
    GROUP BY r.document_id
), listed AS (
    SELECT t.*, coalesce(w.hedged, false) AS hedged, w.rewordings, d.gone_at > $since IS TRUE AS gone,
           v.number, v.noted, v.change, v.removed, v.added,
           v.unchanged_at, v.seen_at, d.url, d.source, d.source_id, d.title, d.gone_after, d.gone_at,
           d.gone_evidence, count(*) OVER () AS total,
           CASE WHEN w.hedged THEN 0 WHEN d.gone_at > $since THEN 1 WHEN v.noted THEN 3 ELSE 2 END AS place
    FROM texts AS t JOIN documents AS d USING (document_id) LEFT JOIN edited AS v USING (document_id)
    LEFT JOIN reworded AS w USING (document_id)
    ORDER BY place, t.importance DESC NULLS LAST, greatest(v.seen_at, d.gone_at) DESC, t.document_id
    LIMIT $limit OFFSET $offset
)
SELECT l.url, l.source, l.source_id, left(l.title, 400) AS title, l.hedged, l.gone, l.rewordings, c.claim_id,
       left(c.claim, 2000) AS claim,
       l.claims, l.chief.evidence AS evidence_id, l.number, l.noted, l.change, l.removed, l.added,
       l.unchanged_at, l.seen_at, l.gone_after, l.gone_at,
       l.gone_evidence, l.total
FROM listed AS l JOIN claims AS c ON c.claim_id = l.chief.claim
ORDER BY l.place, l.importance DESC NULLS LAST, greatest(l.seen_at, l.gone_at) DESC, l.document_id;

-- name: failing
-- Sources that cannot be read now, whenever that began, those that could not be read in a night since, and
-- those that are read and went stale.
WITH failed AS (
    SELECT feed, count(DISTINCT started_at::DATE) AS nights, arg_max(message, started_at) AS message
    FROM crawls
    WHERE started_at > $since AND outcome IN ('failed', 'partial')
    GROUP BY feed
), silent AS (
    SELECT feed, min(since) AS since FROM silences WHERE until IS NULL AND kind <> 'off' GROUP BY feed
)
SELECT h.source, h.feed, h.outcome, h.ailing, h.stale, h.nights_failed, h.last_ok_at, s.since,
       coalesce(f.nights, 0) AS nights,
       CASE WHEN h.stale THEN h.why ELSE coalesce(f.message, h.why) END AS why, count(*) OVER () AS total
FROM source_health AS h LEFT JOIN failed AS f USING (feed) LEFT JOIN silent AS s USING (feed)
WHERE h.ailing OR h.stale OR h.outcome IN ('failed', 'partial') OR f.nights > 0
ORDER BY h.ailing DESC,
    CASE WHEN h.outcome = 'failed' THEN 0 WHEN h.outcome = 'partial' THEN 1 WHEN h.stale THEN 2 ELSE 3 END,
    h.nights_failed DESC, h.source, h.feed
LIMIT $limit OFFSET $offset;

-- name: decisions
SELECT d.kind, d.value, d.reason, d.editor, d.decided_at, d.undone_at, d.claim_id,
       left(c.claim, 2000) AS claim, s.story_id, s.title AS story, count(*) OVER () AS total
FROM decisions AS d LEFT JOIN claims AS c USING (claim_id) LEFT JOIN stories AS s ON s.story_id = d.story_id
WHERE d.decided_at > $since OR d.undone_at > $since
ORDER BY coalesce(d.undone_at, d.decided_at) DESC, d.number DESC, d.decision_id
LIMIT $limit OFFSET $offset;

-- name: days
-- Mentions a day (of UTC), when they were said, or seen where that is unknown.
SELECT claim_id, date_diff('day', "at"::DATE, $until::DATE) AS back, count(*) AS mentions,
       count(*) FILTER (NOT at_is_said) AS undated
FROM timeline
WHERE list_contains($claims::VARCHAR[], claim_id) AND event IN ('supports', 'denies', 'questions', 'reports')
  AND "at" >= $until::DATE - $days::INTEGER + 1 AND "at" < $until::DATE + 1
GROUP BY ALL;
