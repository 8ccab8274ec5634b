-- name: candidates
-- What has happened to claims, each by what it is known by ($since and temp.known part the news from it):
-- the first words of each independent voice, the first denial, the first artefact, edits and deletions of the
-- documents that others were traced to or that a voice spoke in, rivals, and times to come that are over.
WITH spoken AS (
    SELECT claim_id, mention_id, document_id, coalesce(origin_document_id, document_id) AS origin, seen_at,
           said_at, stance, artefact, voice, coalesce(independent AND voice <> 'hearsay', false) AS own,
           starts_with(voice, 'unstored:') AS unstored
    FROM evidence
), denials AS (
    -- Of those that one night found, the denier's own words go before what others tell of them.
    SELECT *, min(seen_at) OVER (PARTITION BY claim_id) AS began FROM spoken WHERE stance = 'denies'
), origins AS (
    SELECT claim_id, origin AS document_id, min(seen_at) AS seen_at,
           arg_min(mention_id, (document_id <> origin, seen_at, mention_id)) AS mention_id
    FROM spoken WHERE own OR origin <> document_id
    GROUP BY claim_id, origin
), dated AS (
    -- A day that stands as its midnight ends up to 11 hours after it has ended in UTC.
    SELECT claim_id, status, first_seen_at, strftime(event_at, '%Y-%m-%d %H:%M') AS key,
           event_at + CASE WHEN event_at <> date_trunc('day', event_at) THEN INTERVAL 0 HOUR
               ELSE INTERVAL 11 HOUR + CASE event_precision WHEN 'day' THEN INTERVAL 1 DAY
                   WHEN 'month' THEN INTERVAL 1 MONTH WHEN 'quarter' THEN INTERVAL 3 MONTH
                   WHEN 'year' THEN INTERVAL 1 YEAR ELSE INTERVAL 0 HOUR END END AS ends
    FROM claims WHERE event_at IS NOT NULL
)
SELECT 'voice' AS kind, claim_id, voice AS key,
       arg_min(mention_id, (seen_at, coalesce(said_at, seen_at), mention_id)) AS mention_id,
       min(seen_at) AS "at"
FROM spoken WHERE own OR unstored GROUP BY claim_id, voice  -- by whoever passes on one that is not stored
UNION ALL
SELECT 'denial', claim_id, '', arg_min(mention_id, (seen_at > began + INTERVAL 12 HOUR, NOT own,
           coalesce(said_at, seen_at), seen_at, mention_id)), min(seen_at)
FROM denials GROUP BY claim_id
UNION ALL
SELECT 'artefact', claim_id, '', arg_min(mention_id, (seen_at, mention_id)), min(seen_at)
FROM spoken WHERE artefact GROUP BY claim_id
UNION ALL
SELECT 'edited', o.claim_id, e.version_id, o.mention_id, e.seen_at
FROM edits AS e JOIN origins AS o USING (document_id)
WHERE e.change <> 'trivial' AND e.seen_at > o.seen_at
UNION ALL
SELECT 'deleted', o.claim_id, d.document_id, o.mention_id, d.gone_at
FROM documents AS d JOIN origins AS o USING (document_id)
WHERE d.gone_at > o.seen_at
UNION ALL
SELECT DISTINCT 'rival', r.claim_id, r.rival_id, NULL, greatest(a.first_seen_at, b.first_seen_at)
FROM rivals AS r
JOIN claims AS a ON a.claim_id = r.claim_id
JOIN claims AS b ON b.claim_id = r.rival_id
UNION ALL
SELECT 'deadline', claim_id, key, NULL, ends
FROM dated
WHERE ends > first_seen_at AND ends <= $now::TIMESTAMP
  AND status IN ('unverified', 'corroborated', 'disputed', 'expired');

-- name: happened
-- The candidates that are not in temp.known, with the words that they rest on where they are not older than
-- $since; the older ones go with them where $whole. A mention that moved with its claim into another is known
-- by the second id.
WITH named AS (
    SELECT *, 'n' || left(sha256(concat_ws(chr(31), kind, claim_id, key)), 16) AS event_id,
           CASE WHEN kind IN ('voice', 'denial', 'artefact')
               THEN 'n' || left(sha256(concat_ws(chr(31), kind, 'said in', mention_id)), 16) END AS also_id
    FROM {candidates}
), unknown AS (
    SELECT *, (also_id IS NULL OR also_id NOT IN (SELECT event_id FROM temp.known))
               AND "at" >= $since::TIMESTAMP AS told
    FROM named WHERE event_id NOT IN (SELECT event_id FROM temp.known)
), fresh AS (
    -- What else is read of it. As keys these are quick to join; as conditions of the joins they are slow.
    SELECT *, CASE WHEN told THEN mention_id END AS words_of,
           CASE WHEN told AND kind = 'edited' THEN key END AS edited,
           CASE WHEN told AND kind = 'deleted' THEN key END AS deleted,
           CASE WHEN told AND kind = 'rival' THEN key END AS rival
    FROM unknown WHERE told OR $whole
), rival AS (
    SELECT claim_id, rival_id, min(words) AS words FROM rivals GROUP BY claim_id, rival_id
)
SELECT f.event_id, f.also_id, f.told, f.kind, f.claim_id, f."at", c.claim,
       CASE WHEN f.kind <> 'voice' OR f."at" > c.first_seen_at THEN c.status END AS before, c.status,
       c.voices,
       c.reason, v.quote, v.speaker, v.voice_name AS voice, v.source, v.url, v.stance, v.said_at,
       v.said_precision,
       CASE f.kind WHEN 'rival' THEN o.claim WHEN 'edited' THEN e.removed WHEN 'deleted' THEN d.gone_evidence
           END AS detail,
       CASE f.kind WHEN 'rival' THEN f.key END AS rival_id,
       CASE f.kind WHEN 'rival' THEN r.words WHEN 'edited' THEN e.added END AS other,
       -- As deadlines.sql has it: the first moment after that time, or its last second.
       CASE WHEN f.kind = 'deadline' THEN c.event_at + CASE
           WHEN c.event_precision = 'day' AND c.event_at = date_trunc('day', c.event_at) THEN INTERVAL 1 DAY
           ELSE INTERVAL 0 DAY END END AS time_ends, c.event_precision AS time_precision
FROM fresh AS f
JOIN claims AS c ON c.claim_id = f.claim_id
LEFT JOIN evidence AS v ON v.claim_id = f.claim_id AND v.mention_id = f.words_of
LEFT JOIN edits AS e ON e.version_id = f.edited
LEFT JOIN documents AS d ON d.document_id = f.deleted
LEFT JOIN rival AS r ON r.claim_id = f.claim_id AND r.rival_id = f.rival
LEFT JOIN claims AS o ON o.claim_id = r.rival_id
ORDER BY f."at", f.event_id;

-- name: moved
-- Claims that stand elsewhere than in temp.states, with the words that moved them last: new ones, for where
-- an editor decides or the rules are others, what was said long ago moved nothing.
SELECT 'n' || left(sha256(concat_ws(chr(31), 'status', c.claim_id, s.status, c.status,
                                    coalesce(j.judged_at::VARCHAR, ''))), 16) AS event_id,
       NULL AS also_id, true AS told, 'status' AS kind, c.claim_id,
       coalesce(j.judged_at, $now::TIMESTAMP) AS "at",
       c.claim, s.status AS before, c.status, c.voices, c.reason, v.quote, v.speaker, v.voice_name AS voice,
       v.source, v.url, v.stance, v.said_at, v.said_precision, NULL AS detail, NULL AS rival_id, NULL AS other
FROM claims AS c
JOIN temp.states AS s USING (claim_id)
LEFT JOIN (SELECT claim_id, max(judged_at) AS judged_at FROM changes GROUP BY claim_id) AS j USING (claim_id)
LEFT JOIN evidence AS v ON v.claim_id = c.claim_id AND v.evidence_id = c.evidence_ids[-1]
    AND c.rule <> 'decided' AND v.seen_at > coalesce(j.judged_at, $now::TIMESTAMP) - INTERVAL 36 HOUR
WHERE s.status <> c.status
ORDER BY c.claim_id;

-- name: moves
-- All moves of claims since $since, as the copy tells of them, with words as in `moved`; those of new claims
-- are voices.
SELECT 'n' || left(sha256(concat_ws(chr(31), 'status', g.claim_id, g.status_before, g.status,
                                    g.judged_at::VARCHAR)), 16) AS event_id,
       NULL AS also_id, true AS told, 'status' AS kind, g.claim_id, g.judged_at AS "at", c.claim,
       g.status_before AS before, g.status, g.voices, g.reason, v.quote, v.speaker, v.voice_name AS voice,
       v.source, v.url, v.stance, v.said_at, v.said_precision, NULL AS detail, NULL AS rival_id, NULL AS other
FROM changes AS g
JOIN claims AS c USING (claim_id)
LEFT JOIN status_history AS h ON h.claim_id = g.claim_id AND h.judged_at = g.judged_at AND h.last_step
LEFT JOIN evidence AS v ON v.claim_id = g.claim_id AND v.evidence_id = g.evidence_ids[-1]
    AND h.rule <> 'decided' AND v.seen_at > g.judged_at - INTERVAL 36 HOUR
WHERE g.status_before IS NOT NULL AND g.judged_at >= $since::TIMESTAMP
ORDER BY g.judged_at, g.claim_id;

-- name: stand
-- How each claim stands, to be kept until the next look.
SELECT claim_id, status, voices FROM claims;

-- name: stood
-- How each claim stood before $since and the run of this copy, as far as it tells: for the first look of all.
SELECT c.claim_id, coalesce(g.status_before, c.status) AS status, c.voices
FROM claims AS c
LEFT JOIN (SELECT claim_id, arg_min(status_before, judged_at) AS status_before FROM changes
           WHERE run_id = $run_id OR judged_at >= $since::TIMESTAMP GROUP BY claim_id) AS g USING (claim_id)
WHERE c.first_seen_at < $since::TIMESTAMP;

-- name: hidden
-- The claims that editors hide, with those that stand for them and those that they stand for. A claim that is
-- shown is none of them, and leads to none.
WITH RECURSIVE merges AS MATERIALIZED (
    SELECT target AS one, arg_max(value, number) AS other FROM decisions
    WHERE kind = 'merge' AND undone_at IS NULL GROUP BY target
    UNION ALL
    SELECT joined_id, into_id FROM joins WHERE parted_at IS NULL
), linked AS MATERIALIZED (
    FROM (FROM merges UNION ALL SELECT other, one FROM merges) ANTI JOIN claims AS c
        ON c.claim_id = other
), hidden (claim_id) AS (
    SELECT target FROM decisions ANTI JOIN claims AS c ON c.claim_id = target
    WHERE kind = 'hide' AND undone_at IS NULL
    UNION
    SELECT l.other FROM hidden AS h JOIN linked AS l ON l.one = h.claim_id
)
FROM hidden;

-- name: began
-- When the run of this copy began.
SELECT started_at FROM runs WHERE run_id = $run_id;

-- name: meta
SELECT key, value FROM meta WHERE key IN ('published_at', 'run_id');

-- name: before
-- The claims of temp.states as they stood then, in the place of those of the copy.
CREATE OR REPLACE TEMP TABLE claims AS
SELECT c.* REPLACE (s.status AS status, s.voices AS voices)
FROM published.main.claims AS c JOIN temp.states AS s USING (claim_id);
