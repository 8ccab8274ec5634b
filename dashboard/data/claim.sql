-- name: known
-- Part of other statements: the evidence of a claim as it was known at $cutoff. What was learned later stands in none of
-- its columns: no later mention, deletion, editor's stance, merge or move, and no voice of which nothing that it says
-- itself was seen yet, or that was traced by a document which was not. $cutoff is the year 9999 where the page shows what is known now.
SELECT e.* EXCLUDE (claim_id, machine_claim_id, stance, gone_at, voice, voice_name, independent, voice_reason, title, origin_gone_at, origin_edited),
       coalesce(d.value, e.machine_stance) AS stance,
       CASE WHEN e.gone_at < $cutoff THEN e.gone_at END AS gone_at,
       CASE WHEN u.unseen THEN 'then:' || e.document_id ELSE coalesce(e.voice, e.mention_id) END AS voice_key,
       CASE WHEN u.unseen THEN e.source ELSE coalesce(e.voice_name, e.source) END AS voice_name,
       CASE WHEN u.unseen THEN true ELSE coalesce(e.independent, true) END AS independent,
       CASE WHEN u.unseen THEN NULL ELSE e.voice_reason END AS voice_reason,
       coalesce(e.said_at, e.seen_at) AS "when"
FROM evidence AS e
LEFT JOIN documents AS o ON o.document_id = e.origin_document_id
LEFT JOIN (
    SELECT voice, min(seen_at) AS heard_at FROM evidence
    WHERE claim_id = $claim_id AND independent AND $cutoff < TIMESTAMP '9999-01-01'
    GROUP BY voice
) AS w ON w.voice = e.voice
CROSS JOIN LATERAL (SELECT coalesce(o.seen_at >= $cutoff OR w.heard_at >= $cutoff, false) AS unseen) AS u
LEFT JOIN (
    SELECT target, arg_max(value, (number, decided_at, decision_id)) AS value FROM decisions
    WHERE kind = 'stance' AND value IN ('supports', 'denies', 'questions', 'reports')
      AND decided_at < $cutoff AND (undone_at IS NULL OR undone_at >= $cutoff AND $cutoff < TIMESTAMP '9999-01-01')
    GROUP BY target
) AS d ON d.target = e.mention_id
WHERE e.claim_id = $claim_id AND e.seen_at < $cutoff
  AND ($cutoff >= TIMESTAMP '9999-01-01' OR coalesce(e.machine_claim_id, e.claim_id) IN (
    -- The claims that editors had merged into this one by then.
    WITH RECURSIVE joined (claim_id) AS (
        SELECT $claim_id::VARCHAR
        UNION
        SELECT m.target FROM decisions AS m JOIN joined AS j ON m.value = j.claim_id
        WHERE m.kind = 'merge' AND m.decided_at < $cutoff AND (m.undone_at IS NULL OR m.undone_at >= $cutoff)
    )
    FROM joined
  ) OR e.mention_id IN (
    SELECT target FROM decisions
    WHERE kind IN ('move', 'split') AND decided_at < $cutoff AND (undone_at IS NULL OR undone_at >= $cutoff)
  ))

-- name: claim
SELECT claim_id, claim, kind, status, score, voices, supports, denies, questions, reports, mentions, first_seen_at,
       last_seen_at, reason, would_change, organisations, entities, event_at, event_precision, importance, importance_why
FROM claims WHERE claim_id = $claim_id;

-- name: merged_into
-- Where an editor put a claim that is no longer there.
SELECT value AS claim_id FROM decisions
WHERE kind = 'merge' AND target = $claim_id AND undone_at IS NULL
ORDER BY decided_at DESC LIMIT 1;

-- name: days
-- The days of UTC on which something of a claim was learned, and what.
SELECT day, count(*) FILTER (event IN ('supports', 'denies', 'questions', 'reports')) AS mentions,
       count(*) FILTER (event IN ('edited', 'hedged', 'corrected', 'gone')) AS changes,
       count(*) FILTER (event = 'decision') AS decisions,
       arg_max(status, (event = 'judged', judged_at)) AS status
FROM (
    SELECT seen_at::DATE AS day, event, NULL AS status, seen_at AS judged_at FROM timeline
    WHERE claim_id = $claim_id AND event NOT IN ('status', 'deadline')
    UNION ALL
    SELECT judged_at::DATE, 'judged', status, judged_at FROM status_history WHERE claim_id = $claim_id AND last_step
    UNION ALL
    SELECT undone_at::DATE, 'decision', NULL, undone_at FROM decisions WHERE claim_id = $claim_id AND undone_at IS NOT NULL
)
GROUP BY day ORDER BY day;

-- name: tally
-- How much was known of a claim at $cutoff.
SELECT count(*) AS mentions,
       count(*) FILTER (stance = 'supports') AS supports, count(*) FILTER (stance = 'denies') AS denies,
       count(*) FILTER (stance = 'questions') AS questions, count(*) FILTER (stance = 'reports') AS reports,
       min(seen_at) AS first_seen_at, max(seen_at) AS last_seen_at,
       count(DISTINCT voice_key) FILTER (stance = 'denies' AND voice_key <> 'hearsay') AS denied_by,
       count(DISTINCT voice_key) FILTER (stance = 'questions' AND voice_key <> 'hearsay') AS questioned_by
FROM {known};

-- name: verdict
-- How a claim was judged at $cutoff.
SELECT status, score, voices, reason, would_change
FROM status_history
WHERE claim_id = $claim_id AND last_step AND judged_at < $cutoff AND (judged_until IS NULL OR judged_until >= $cutoff);

-- name: moves
-- The statuses that a claim took, as the judgement that was the newest at $cutoff tells them.
SELECT since AS "at", status, reason, moved_at IS NOT NULL AS at_is_said
FROM status_history
WHERE claim_id = $claim_id AND judged_at < $cutoff AND (judged_until IS NULL OR judged_until >= $cutoff)
ORDER BY since, step;

-- name: points
-- What the chart shows; of more than $limit the first words of each voice come first.
SELECT evidence_id, stance, said_at, said_precision, seen_at, coalesce(speaker, 'nobody named') AS speaker, source, independent,
       voice_key AS voice, voice_name, artefact
FROM {known}
ORDER BY independent DESC, row_number() OVER (PARTITION BY voice_key, stance ORDER BY "when", mention_id) > 1, "when", mention_id
LIMIT $limit;

-- name: heaps
-- How many mentions take each stance in each of 48 stretches of time: what the chart shows where not each has a mark.
WITH told AS (
    SELECT stance, "when" FROM {known}
), span AS (
    SELECT min("when") AS first, greatest(max("when") - min("when"), INTERVAL 1 HOUR) / 47 AS step FROM told
)
SELECT stance, first + step * nth AS begins, first + step * (nth + 1) AS ends, count(*) AS mentions
FROM (SELECT stance, first, step, floor(epoch("when" - first) / epoch(step))::INTEGER AS nth FROM told, span)
GROUP BY ALL ORDER BY begins, stance;

-- name: happenings
-- What became of the texts behind a claim: marks of the chart.
SELECT "at", event, reason FROM timeline
WHERE claim_id = $claim_id AND event IN ('edited', 'hedged', 'corrected', 'gone') AND seen_at < $cutoff
ORDER BY "at", event, reason LIMIT $limit;

-- name: first
SELECT speaker, speaker_role, speaker_organisation, source, source_id, platform, url, quote, cues, said_at, said_precision,
       seen_at, gone_at
FROM {known}
ORDER BY "when", part = 'title', mention_id
LIMIT 1;

-- name: voices
-- One page of the voices: a voice is one row, however many repeat it; what nobody stands behind comes last.
-- An organisation has its own name, whoever speaks for it; any other voice that of its first own words.
SELECT voice_key, coalesce(
           CASE WHEN starts_with(voice_key, 'organisation:') THEN arg_min(speaker_organisation, (NOT independent, "when", mention_id)) END,
           arg_min(voice_name, (NOT independent, "when", mention_id))
       ) AS name, count(*) AS mentions, count(DISTINCT source_id) AS sources,
       count(*) OVER () AS total
FROM {known}
WHERE len($stances::VARCHAR[]) = 0 OR list_contains($stances::VARCHAR[], stance)
GROUP BY voice_key
ORDER BY voice_key = 'hearsay', CASE WHEN $newest::BOOLEAN THEN -epoch_us(max("when")) ELSE epoch_us(min("when")) END, voice_key
LIMIT $limit OFFSET $offset;

-- name: placed
-- Which evidence of some voices is shown, at most $each of a voice: the document in which the voice speaks itself first,
-- then those that pass it on. Of one document its text comes before its headline, which is shorter and by another hand.
-- Who takes another stance later has not repeated himself: the first words of each stance come before all others.
SELECT mention_id, document_id, speaks, place
FROM (
    SELECT *, row_number() OVER (
        PARTITION BY voice_key ORDER BY speaks AND turn = 1 DESC, speaks DESC, "when", part = 'title', mention_id
    ) AS place
    FROM (
        SELECT *, row_number() OVER (
            PARTITION BY voice_key, stance ORDER BY speaks DESC, "when", part = 'title', mention_id
        ) AS turn
        FROM (
            SELECT mention_id, document_id, voice_key, stance, "when", part,
                   bool_or(independent) OVER (PARTITION BY voice_key, document_id, stance) AS speaks
            FROM {known}
            WHERE list_contains($voices::VARCHAR[], voice_key)
              AND (len($stances::VARCHAR[]) = 0 OR list_contains($stances::VARCHAR[], stance))
        )
    )
)
WHERE place <= $each;

-- name: evidence
-- The evidence that is shown, each quote with $around characters of the same version before and after it. The documents
-- are given beside the mentions: their texts are then read, and no others.
WITH shown AS (
    FROM {known} SEMI JOIN (SELECT unnest($mentions::VARCHAR[]) AS mention_id) AS asked USING (mention_id)
), kept AS (
    SELECT * FROM versions WHERE list_contains($documents::VARCHAR[], document_id) AND seen_at < $cutoff
), latest AS (
    SELECT v.document_id, arg_max(v.title, v.number) AS title, arg_max(v.text, v.number) AS text, max(v.number) AS versions,
           max(v.seen_at) AS edited_at, arg_max(v.unchanged_at, v.number) AS unchanged_at
    FROM kept AS v
    LEFT JOIN edits AS e USING (version_id)
    WHERE e.change IS DISTINCT FROM 'trivial'
    GROUP BY v.document_id
)
SELECT e.voice_key, e.evidence_id, e.mention_id, e.stance, e.machine_stance, e.confidence, e.cues, e.quote, e.part, e.start_char,
       e.end_char, e.speaker, e.speaker_role, e.speaker_organisation, e.attributed_to, e.certainty, e.document_id, e.url,
       e.source, e.source_id, e.platform, e.author, l.title, e.said_at, e.said_precision, e.seen_at, e.independent,
       e.voice_reason, e.gone_at, CASE WHEN e.gone_at IS NOT NULL THEN d.gone_after END AS gone_after, e.artefact, l.versions,
       l.edited_at, l.unchanged_at, contains(CASE e.part WHEN 'title' THEN coalesce(l.title, '') ELSE l.text END, e.quote) AS quote_stands,
       v.number AS version, v.text_sha256, v.sha256, v.warc,
       substring(CASE e.part WHEN 'title' THEN v.title ELSE v.text END, e.start_char + 1, e.end_char - e.start_char) IS NOT DISTINCT FROM e.quote AS in_place,
       CASE e.part WHEN 'text' THEN substring(v.text, greatest(1, e.start_char + 1 - $around), least(e.start_char, $around)) END AS before,
       CASE e.part WHEN 'text' THEN substring(v.text, e.end_char + 1, $around) END AS after
FROM shown AS e
JOIN latest AS l USING (document_id)
JOIN kept AS v ON v.version_id = e.version_id
JOIN documents AS d ON d.document_id = e.document_id;

-- name: export
-- All evidence as it was known at $cutoff, for a file.
SELECT evidence_id, mention_id, stance, machine_stance, confidence, cues, quote, part, start_char, end_char, certainty, speaker,
       speaker_role, speaker_organisation, attributed_to, source, platform, author, url, said_at, said_precision, k.seen_at,
       voice_key, voice_name, independent, gone_at, artefact, k.document_id, k.version_id, v.text_sha256, v.sha256, v.warc
FROM {known} AS k
LEFT JOIN versions AS v ON v.version_id = k.version_id
ORDER BY "when", k.document_id, start_char, mention_id;

-- name: rivals
-- Claims that look alike and were known at $cutoff, with where each stood then; the number of its voices is its own.
SELECT r.rival_id, r.slot, r.words, c.claim, coalesce(h.status, 'unverified') AS status, coalesce(h.voices, 0) AS voices
FROM rivals AS r
JOIN claims AS c ON c.claim_id = r.rival_id
LEFT JOIN status_history AS h
  ON h.claim_id = r.rival_id AND h.last_step AND h.judged_at < $cutoff AND (h.judged_until IS NULL OR h.judged_until >= $cutoff)
WHERE r.claim_id = $claim_id AND c.first_seen_at < $cutoff
ORDER BY coalesce(h.voices, 0) DESC, r.rival_id, r.slot LIMIT 50;

-- name: signs
-- Each sign that one document of a claim follows another of it, or a voice that is not stored; the strongest first, and
-- copies of one text last: they are copies of one another too.
WITH mine AS (
    SELECT DISTINCT document_id, origin_document_id FROM {known}
), within AS (
    SELECT document_id FROM mine
    UNION
    SELECT origin_document_id FROM mine JOIN documents AS o ON o.document_id = origin_document_id WHERE o.seen_at < $cutoff
)
SELECT p.document_id, p.origin_document_id, p.origin_name, p.kind, p.words, count(*) OVER () AS total
FROM provenance AS p
SEMI JOIN mine AS m ON m.document_id = p.document_id
WHERE p.origin_document_id IN (FROM within) OR (p.origin_document_id IS NULL AND p.origin_name IS NOT NULL)
ORDER BY p.kind = 'near_duplicate', p.strength DESC, p.edge_id
LIMIT $limit;

-- name: nodes
-- Documents of a claim, and what each says to it; of an origin that does not speak to it, nothing.
SELECT d.document_id, d.source, d.source_id, d.author, d.url, d.published_at, d.published_precision, d.seen_at,
       CASE WHEN d.gone_at < $cutoff THEN d.gone_at END AS gone_at, e.stance
FROM documents AS d
SEMI JOIN (SELECT unnest($documents::VARCHAR[]) AS document_id) AS asked USING (document_id)
LEFT JOIN (
    SELECT document_id, arg_min(stance, (start_char, mention_id)) AS stance
    FROM {known} GROUP BY document_id
) AS e USING (document_id)
ORDER BY coalesce(d.published_at, d.seen_at), d.document_id;

-- name: edited
-- The versions after the first of the documents behind a claim; `trivial` edits come last.
SELECT w.document_id, w.number, d.url, d.source, coalesce(w.change, 'not compared yet') AS change,
       coalesce(w.noted, false) AS noted, w.unchanged_at, w.seen_at, count(*) OVER () AS total
FROM edits AS w
SEMI JOIN {known} AS e USING (document_id)
JOIN documents AS d USING (document_id)
WHERE w.seen_at < $cutoff
ORDER BY w.change IS NOT DISTINCT FROM 'trivial', w.seen_at DESC, w.document_id, w.number DESC
LIMIT $limit;

-- name: wordings
-- All versions of some documents up to $cutoff, to be compared.
SELECT document_id, number, title, text FROM versions
WHERE list_contains($documents::VARCHAR[], document_id) AND seen_at < $cutoff
ORDER BY document_id, number;

-- name: gone
-- Deleted documents behind a claim: not seen any more between two instants, and how we know.
SELECT d.url, d.source, d.title, d.gone_after, d.gone_at, d.gone_evidence
FROM documents AS d
SEMI JOIN {known} AS e USING (document_id)
WHERE d.gone_at < $cutoff
ORDER BY d.gone_at DESC, d.document_id LIMIT 100;

-- name: hedged
-- Sentences that were hedged, corrected or left out in a later version.
SELECT event, "at", reason FROM timeline
WHERE claim_id = $claim_id AND event IN ('hedged', 'corrected') AND seen_at < $cutoff
ORDER BY "at" DESC, reason LIMIT 100;

-- name: rungs
-- How far the models that a claim names had come, by what was seen by $cutoff.
SELECT r.model, r.organisation, r.rung, r.reached_at, r.at_is_said, r.url, r.words, d.seen_at
FROM releases AS r JOIN documents AS d USING (document_id)
WHERE list_contains($entities::VARCHAR[], r.model) AND list_contains($organisations::VARCHAR[], r.organisation)
  AND d.seen_at < $cutoff
ORDER BY r.organisation, r.model, r.reached_at
LIMIT 40;

-- name: goalposts
-- Successive times for the releases that a claim names. How each came out is known for now alone: it is not kept by day.
SELECT g.model, g.claim_id, g.claim, g.deadline, g."precision", g.how, coalesce(h.status, 'unverified') AS status,
       CASE WHEN e.seen_at < $cutoff THEN g.speaker END AS speaker, CASE WHEN e.seen_at < $cutoff THEN g.said_at END AS said_at,
       g.seen_at, CASE WHEN $cutoff >= TIMESTAMP '9999-01-01' THEN g.state END AS state,
       CASE WHEN $cutoff >= TIMESTAMP '9999-01-01' THEN g.reason END AS reason, CASE WHEN $cutoff >= TIMESTAMP '9999-01-01' THEN g.void END AS void
FROM goalposts AS g
LEFT JOIN evidence AS e ON e.claim_id = g.claim_id AND e.evidence_id = g.evidence_id
LEFT JOIN status_history AS h
  ON h.claim_id = g.claim_id AND h.last_step AND h.judged_at < $cutoff AND (h.judged_until IS NULL OR h.judged_until >= $cutoff)
WHERE list_contains($entities::VARCHAR[], g.model) AND list_contains($organisations::VARCHAR[], g.organisation)
  AND g.seen_at < $cutoff
ORDER BY g.model, g.revision
LIMIT 40;

-- name: blind
-- Sources that bear on a claim and could not be read while it moved, as far as that was known at $cutoff.
SELECT b.source, b.feed, b.kind, b.since, CASE WHEN b.until < $cutoff THEN b.until END AS until,
       CASE WHEN b.until < $cutoff OR $cutoff >= TIMESTAMP '9999-01-01' THEN b.message END AS message, b.bears_as
FROM blind_spots AS b
WHERE b.claim_id = $claim_id AND b.since < $cutoff
  AND (b.bears_as <> 'its own source' OR b.feed IN (SELECT d.feed FROM documents AS d SEMI JOIN {known} AS e USING (document_id)))
ORDER BY b.since, b.source, b.kind;

-- name: decisions
-- What editors had decided by $cutoff and not taken back, with what the machine says of the same.
SELECT d.kind, d.value, d.reason, d.editor, d.decided_at,
       CASE d.kind WHEN 'stance' THEN e.machine_stance
                   WHEN 'status' THEN (SELECT arg_max(h.status, (h.judged_at, h.step)) FROM status_history AS h
                                       WHERE h.claim_id = $claim_id AND h.judged_at < $cutoff AND h.rule IS DISTINCT FROM 'decided') END AS machine,
       e.quote
FROM decisions AS d
LEFT JOIN (SELECT mention_id, machine_stance, quote FROM {known}) AS e ON e.mention_id = d.target
WHERE d.claim_id = $claim_id AND d.kind <> 'undo' AND d.decided_at < $cutoff
  AND (d.undone_at IS NULL OR d.undone_at >= $cutoff AND $cutoff < TIMESTAMP '9999-01-01')
ORDER BY d.decided_at DESC, d.number DESC LIMIT 100;
