-- The public SQL interface. Every view and column here is documented in docs/sql.md, and publish writes each view
-- as a table of the published copy. Times are UTC. Views in the schema `step` are steps on the way, not published.

CREATE SCHEMA IF NOT EXISTS step;

-- What editors decided and did not take back: the newest of each kind and target, in the journal's order. What was
-- decided about a claim bears on the one that stands for it by now.
CREATE OR REPLACE VIEW step.decided AS
SELECT d.kind, coalesce(h.heir, d.target) AS target, arg_max(d.value, (d.number, d.decided_at, d.decision_id)) AS value,
       arg_max(d.reason, (d.number, d.decided_at, d.decision_id)) AS reason,
       arg_max(d.editor, (d.number, d.decided_at, d.decision_id)) AS editor,
       arg_max(d.decided_at, (d.number, d.decided_at, d.decision_id)) AS decided_at
FROM store.decisions AS d
LEFT JOIN store.heirs AS h ON h.claim_id = d.target
WHERE d.undone_at IS NULL AND (d.kind <> 'stance' OR d.value IN ('supports', 'denies', 'questions', 'reports'))
GROUP BY d.kind, coalesce(h.heir, d.target);

-- Each decision with the claim that it bears on now; null where that is not there, or rests with a split taken back.
CREATE OR REPLACE VIEW step.bearings AS
SELECT d.*, coalesce(h.heir, b.claim_id, c.claim_id) AS claim_id
FROM store.decisions AS d
LEFT JOIN store.heirs AS h ON h.claim_id = d.target
LEFT JOIN store.members AS b ON b.mention_id = d.target
LEFT JOIN store.claims AS c ON c.claim_id = d.target AND c.merged_into IS NULL;

-- The newest stance of each mention toward the claim that it belongs to now, and what an editor made of it.
CREATE OR REPLACE VIEW step.stances AS
SELECT n.claim_id, n.mention_id, n.evidence_id, n.stance AS machine_stance, n.confidence, n.cues,
       coalesce(d.value, n.stance) AS stance
FROM (
    SELECT e.claim_id, e.mention_id,
           arg_max(e.evidence_id, (e.weighed_at, e.evidence_id)) AS evidence_id,
           arg_max(e.stance, (e.weighed_at, e.evidence_id))      AS stance,
           arg_max(e.confidence, (e.weighed_at, e.evidence_id))  AS confidence,
           arg_max(e.cues, (e.weighed_at, e.evidence_id))        AS cues
    FROM store.evidence AS e
    JOIN store.members AS m USING (mention_id, claim_id)
    GROUP BY e.claim_id, e.mention_id
) AS n
LEFT JOIN step.decided AS d ON d.kind = 'stance' AND d.target = n.mention_id;

-- The claims that are shown: neither merged into another nor hidden by an editor, nor left by all their mentions.
CREATE OR REPLACE VIEW step.shown AS
SELECT c.*
FROM store.claims AS c
SEMI JOIN store.members AS m ON m.claim_id = c.claim_id
WHERE c.merged_into IS NULL
  AND NOT EXISTS (SELECT 1 FROM step.decided AS d WHERE d.kind = 'hide' AND d.target = c.claim_id);

-- All steps of each claim's newest judgement.
CREATE OR REPLACE VIEW step.judgements AS
SELECT v.*
FROM store.verdicts AS v
JOIN store.judged AS j ON j.claim_id = v.claim_id AND j.judged_at = v.judged_at;

CREATE OR REPLACE VIEW step.verdicts AS
SELECT * FROM step.judgements
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY step DESC) = 1;

-- Whose edits and deletions each run's digest tells of: its own, and those of the revisits since the run before it.
CREATE OR REPLACE VIEW step.tidings AS
SELECT run_id, run_id AS told_by FROM store.runs
UNION ALL
SELECT r.run_id, min_by(n.run_id, n.started_at)
FROM store.runs AS r
JOIN store.runs AS n ON n.started_at > r.started_at AND n.command <> 'revisit'
WHERE r.command = 'revisit'
GROUP BY r.run_id;

CREATE OR REPLACE VIEW documents AS
SELECT d.document_id, d.url, d.platform, s.name AS source, d.source_id, d.feed, d.author, d.author_name, d.title,
       d.published_at, d.published_precision, d.published_from, d.seen_at, d.language, d.in_reply_to, d.artefact,
       d.score, v.versions, d.gone_at, d.gone_after, d.gone_evidence
FROM store.documents AS d
JOIN store.sources AS s USING (source_id)
JOIN (SELECT document_id, count(*) AS versions FROM store.versions GROUP BY document_id) AS v USING (document_id);

CREATE OR REPLACE VIEW versions AS
SELECT version_id, document_id, number, title, text, unchanged_at, seen_at, text_sha256, sha256, warc
FROM store.versions;

-- One row for each version after the first; `change` is null where it was not compared with the one before it yet.
CREATE OR REPLACE VIEW edits AS
SELECT v.version_id, v.document_id, d.url, s.name AS source, v.number, e.change, v.unchanged_at, v.seen_at, e.noted,
       e.removed, e.added
FROM store.versions AS v
JOIN store.documents AS d USING (document_id)
JOIN store.sources AS s USING (source_id)
LEFT JOIN store.edits AS e USING (version_id)
WHERE v.number > 1;

CREATE OR REPLACE VIEW links AS
SELECT l.document_id, l.url, l.kind, l.words FROM store.links AS l;

CREATE OR REPLACE VIEW mentions AS
SELECT m.mention_id, m.document_id, m.version_id, m.part, m.start_char, m.end_char, m.quote, m.proposition, m.kind,
       m.speaker, m.speaker_role, m.speaker_organisation, m.speech_verb, m.attributed_to, m.negated, m.certainty,
       m.event_at, m.event_precision, m.organisations, m.entities, m.numbers, m.said_at, m.seen_at, b.claim_id,
       b.similarity
FROM store.mentions AS m
LEFT JOIN store.members AS b USING (mention_id);

-- The documents of which a later version says something else, or may: an edit that was not compared yet.
CREATE OR REPLACE VIEW step.edited AS
SELECT DISTINCT v.document_id
FROM store.versions AS v
LEFT JOIN store.edits AS e USING (version_id)
WHERE v.number > 1 AND e.change IS DISTINCT FROM 'trivial';

CREATE OR REPLACE VIEW evidence AS
SELECT t.claim_id, p.claim_id AS machine_claim_id, t.mention_id, t.evidence_id, t.stance, t.machine_stance, t.confidence,
       t.cues, m.quote, m.part, m.start_char, m.end_char, m.version_id, m.proposition, m.speaker, m.speaker_role, m.speaker_organisation,
       m.attributed_to, m.certainty, m.negated, m.document_id, d.url, s.name AS source, d.source_id, d.platform,
       d.author, d.title, m.said_at, m.seen_at, d.published_precision AS said_precision, o.voice, o.voice_name,
       o.independent, o.origin_document_id, o.reason AS voice_reason, d.gone_at, d.artefact,
       g.gone_at AS origin_gone_at, o.origin_document_id IN (FROM step.edited) AS origin_edited
FROM step.stances AS t
JOIN step.shown AS c USING (claim_id)
JOIN store.mentions AS m USING (mention_id)
JOIN store.documents AS d ON d.document_id = m.document_id
JOIN store.sources AS s ON s.source_id = d.source_id
LEFT JOIN store.origins AS o ON o.claim_id = t.claim_id AND o.mention_id = t.mention_id
LEFT JOIN store.documents AS g ON g.document_id = o.origin_document_id
LEFT JOIN store.placements AS p ON p.mention_id = t.mention_id;

-- How much each claim is talked about, whatever becomes of it (docs/trace.md): documents, platforms, documents of the
-- 48 hours before anything was seen last (not before now: a copy that is restored says the same), and points, as far as platforms tell them. Nothing here is read by the judging.
CREATE OR REPLACE VIEW step.importance AS
WITH clock AS (
    SELECT max(last_seen_at) AS now FROM store.sightings
), heard AS (
    SELECT DISTINCT b.claim_id, m.document_id FROM store.members AS b JOIN store.mentions AS m USING (mention_id)
), counted AS (
    SELECT h.claim_id, count(*) AS documents, count(DISTINCT d.platform) AS platforms,
           count(*) FILTER (coalesce(d.published_at, d.seen_at) > k.now - INTERVAL 48 HOUR) AS recent,
           sum(greatest(d.score, 0)) FILTER (d.score IS NOT NULL) AS reach
    FROM heard AS h JOIN store.documents AS d USING (document_id) CROSS JOIN clock AS k
    GROUP BY h.claim_id
), weight AS (
    SELECT *, (ln(1 + documents) + ln(platforms) + ln(1 + recent) + ln(1 + coalesce(reach, 0)) / 4) / 4 AS weight FROM counted
)
SELECT claim_id, round(weight / (1 + weight), 3) AS importance,
       list_filter(['documents: ' || documents, 'platforms: ' || platforms, 'last 48 hours: ' || recent, 'points: ' || reach],
                   lambda part: part IS NOT NULL) AS why
FROM weight;

-- Its evidence is counted before the rest is joined to it: texts and lists make slow keys.
CREATE OR REPLACE VIEW claims AS
WITH counted AS (
    SELECT claim_id,
           count(*) FILTER (stance = 'supports')  AS supports,
           count(*) FILTER (stance = 'denies')    AS denies,
           count(*) FILTER (stance = 'questions') AS questions,
           count(*) FILTER (stance = 'reports')   AS reports,
           min(said_at) AS first_said_at,
           arg_min(document_id, (coalesce(said_at, seen_at), seen_at, document_id)) AS first_document_id,
           min(seen_at) AS first_seen_at, max(seen_at) AS last_seen_at, count(*) AS mentions
    FROM evidence
    GROUP BY claim_id
)
SELECT c.claim_id, c.claim, c.kind, coalesce(v.status, 'unverified') AS status, v.score, coalesce(v.voices, 0) AS voices,
       n.supports, n.denies, n.questions, n.reports, n.first_said_at, n.first_document_id,
       coalesce(v.moved_at, v.since, v.judged_at) AS last_moved_at, n.first_seen_at, n.last_seen_at, n.mentions,
       v.rule, v.reason, v.would_change, v.evidence_ids, c.organisations, c.entities, c.event_at, c.event_precision,
       w.checkworthy, w.why AS checkworthy_why, i.importance, i.why AS importance_why, r.rung, r.rung_reached
FROM step.shown AS c
JOIN counted AS n USING (claim_id)
LEFT JOIN step.verdicts AS v USING (claim_id)
LEFT JOIN store.checkworthy AS w USING (claim_id)
LEFT JOIN step.importance AS i USING (claim_id)
LEFT JOIN store.releases AS r USING (claim_id);

-- Who carried each claim: its sources, with how much each said of it and since when.
CREATE OR REPLACE VIEW carriers AS
SELECT claim_id, source_id, any_value(source) AS source, count(*) AS mentions, min(said_at) AS first_said_at, min(seen_at) AS first_seen_at
FROM evidence
GROUP BY claim_id, source_id;

-- One row for each thing that happened to a claim. `at` is when it was said, or when we saw it where that is unknown.
CREATE OR REPLACE VIEW timeline AS
SELECT e.claim_id, coalesce(e.said_at, e.seen_at) AS "at", e.stance AS event, NULL AS status, e.evidence_id,
       coalesce(e.speaker, e.author, e.source) AS reason, e.said_at IS NOT NULL AS at_is_said, e.seen_at
FROM evidence AS e
UNION ALL
SELECT v.claim_id, coalesce(v.moved_at, v.since, v.judged_at), 'status', v.status, v.evidence_ids[-1], v.reason, v.moved_at IS NOT NULL, v.judged_at
FROM step.judgements AS v
JOIN step.shown USING (claim_id)
UNION ALL
SELECT DISTINCT e.claim_id, w.seen_at, 'edited', NULL, arg_min(e.evidence_id, (e.seen_at, e.evidence_id)) OVER (PARTITION BY e.claim_id, w.version_id),
       'version ' || w.number || ' of ' || coalesce(e.url, e.document_id) || coalesce(': ' || replace(w.change, '_', ' ') || ' changed', ''),
       false, w.seen_at
FROM evidence AS e
JOIN edits AS w ON w.document_id = e.document_id AND w.change IS DISTINCT FROM 'trivial'
UNION ALL
SELECT r.claim_id, r.seen_at, CASE WHEN r.noted THEN 'corrected' ELSE 'hedged' END, NULL, r.evidence_id,
       '“' || r.before || '” ' || coalesce('became “' || r.after || '”', 'was left out')
           || CASE WHEN r.noted THEN ', with a note' ELSE ', without a note' END
           || coalesce(', some time after ' || strftime(r.unchanged_at, '%Y-%m-%d %H:%M'), ''), false, r.seen_at
FROM store.rewordings AS r
JOIN step.shown USING (claim_id)
WHERE r.noted OR r.hedged OR r.after IS NULL
UNION ALL
SELECT DISTINCT e.claim_id, e.gone_at, 'gone', NULL, arg_min(e.evidence_id, (e.seen_at, e.evidence_id)) OVER (PARTITION BY e.claim_id, e.document_id),
       coalesce(e.url, e.document_id) || ' is gone: ' || d.gone_evidence, false, e.gone_at
FROM evidence AS e
JOIN store.documents AS d USING (document_id)
WHERE e.gone_at IS NOT NULL
UNION ALL
SELECT c.claim_id, c.event_at, 'deadline', NULL, NULL, 'the time that the claim names (' || c.event_precision || ')', true, c.created_at
FROM step.shown AS c
WHERE c.event_at IS NOT NULL
UNION ALL
SELECT d.claim_id, d.decided_at, 'decision', CASE WHEN d.kind = 'status' THEN d.value END, NULL,
       d.kind || ' by ' || d.editor || ': ' || d.reason, true, d.decided_at
FROM step.bearings AS d
JOIN step.shown AS c USING (claim_id)
WHERE d.undone_at IS NULL;

-- One row for each claim whose status a run changed; `status_before` is null for a claim that was new in that run.
CREATE OR REPLACE VIEW changes AS
SELECT run_id, claim_id, judged_at, moved_at, status_before, status, score, voices, reason, evidence_ids
FROM (
    SELECT v.*, lag(v.status) OVER (PARTITION BY v.claim_id ORDER BY v.judged_at) AS status_before
    FROM (
        SELECT * FROM store.verdicts
        QUALIFY row_number() OVER (PARTITION BY claim_id, judged_at ORDER BY step DESC) = 1
    ) AS v
    JOIN step.shown USING (claim_id)
)
WHERE status_before IS DISTINCT FROM status;

-- Every step of every judgement, with the spans that make a day easy to ask for: the step stood from `since` to `until`,
-- and was the newest word on that from `judged_at` to `judged_until`.
CREATE OR REPLACE VIEW status_history AS
SELECT v.claim_id, v.run_id, v.judged_at,
       first_value(v.judged_at) OVER (
           PARTITION BY v.claim_id ORDER BY v.judged_at GROUPS BETWEEN 1 FOLLOWING AND 1 FOLLOWING
       ) AS judged_until,
       v.step, v.moved_at, coalesce(v.moved_at, v.since, v.judged_at) AS since,
       lead(coalesce(v.moved_at, v.since, v.judged_at)) OVER judgement AS until,
       v.step = last_value(v.step) OVER (judgement ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last_step,
       v.status, v.score, v.voices, v.rule, v.reason, v.would_change, v.evidence_ids
FROM store.verdicts AS v
JOIN step.shown USING (claim_id)
WINDOW judgement AS (PARTITION BY v.claim_id, v.judged_at ORDER BY v.step);

-- Rivals of a claim that was merged are rivals of the one that took over; of several pairs both sides tell the same.
CREATE OR REPLACE VIEW step.rivals AS
SELECT claim_id, rival_id, slot, arg_min(words, pair) AS words
FROM (
    SELECT coalesce(a.merged_into, a.claim_id) AS claim_id, coalesce(b.merged_into, b.claim_id) AS rival_id, r.slot, r.words,
           (least(r.claim_id, r.rival_id), greatest(r.claim_id, r.rival_id)) AS pair
    FROM store.rivals AS r
    JOIN store.claims AS a ON a.claim_id = r.claim_id
    JOIN store.claims AS b ON b.claim_id = r.rival_id
)
WHERE claim_id <> rival_id
GROUP BY claim_id, rival_id, slot;

CREATE OR REPLACE VIEW rivals AS
SELECT r.claim_id, r.rival_id, r.slot, r.words
FROM step.rivals AS r
JOIN step.shown AS a ON a.claim_id = r.claim_id
JOIN step.shown AS b ON b.claim_id = r.rival_id;

-- Pairs of claims that were nearly put together, as far as both are shown, they are no rivals, and no editor has said
-- that they are two.
CREATE OR REPLACE VIEW grey_pairs AS
WITH pair AS (
    SELECT least(coalesce(a.merged_into, a.claim_id), coalesce(b.merged_into, b.claim_id)) AS claim_id,
           greatest(coalesce(a.merged_into, a.claim_id), coalesce(b.merged_into, b.claim_id)) AS other_id, max(g.score) AS score
    FROM store.grey_pairs AS g
    JOIN store.claims AS a ON a.claim_id = g.claim_id
    JOIN store.claims AS b ON b.claim_id = g.other_id
    GROUP BY ALL
), apart AS (
    SELECT coalesce(a.heir, d.target) AS one, coalesce(b.heir, d.value) AS other
    FROM store.decisions AS d
    LEFT JOIN store.heirs AS a ON a.claim_id = d.target
    LEFT JOIN store.heirs AS b ON b.claim_id = d.value
    WHERE d.kind = 'apart' AND d.undone_at IS NULL
)
SELECT p.claim_id, p.other_id, p.score
FROM pair AS p
JOIN step.shown AS a ON a.claim_id = p.claim_id
JOIN step.shown AS b ON b.claim_id = p.other_id
ANTI JOIN step.rivals AS r ON r.claim_id = p.claim_id AND r.rival_id = p.other_id
ANTI JOIN apart AS d ON least(d.one, d.other) = p.claim_id AND greatest(d.one, d.other) = p.other_id
WHERE p.claim_id <> p.other_id;

-- The rungs that each model has reached, by the earliest that shows it (docs/judging.md).
CREATE OR REPLACE VIEW releases AS
SELECT r.model, r.organisation, g.rung, g.reached_at, g.said AS at_is_said, g.document_id, d.url, g.evidence_id, g.words, g.claim_id
FROM store.rungs AS g
JOIN store.releases AS r USING (claim_id)
JOIN step.shown AS c USING (claim_id)
JOIN store.documents AS d USING (document_id)
WHERE r.release_key IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY r.release_key, g.rung ORDER BY g.reached_at, g.document_id, g.evidence_id, g.claim_id
) = 1;

-- Successive times for one release, in the order in which they were said, or seen where that is unknown.
CREATE OR REPLACE VIEW goalposts AS
WITH told AS (
    SELECT e.claim_id, min(e.said_at) AS said_at, min(coalesce(e.said_at, e.seen_at)) AS first_at, min(e.seen_at) AS seen_at,
           arg_min(coalesce(e.speaker, e.author, e.source), (coalesce(e.said_at, e.seen_at), e.evidence_id)) AS speaker,
           arg_min(e.evidence_id, (coalesce(e.said_at, e.seen_at), e.evidence_id)) AS evidence_id,
           list_sort(list(DISTINCT coalesce(e.speaker, e.author, e.source))) AS speakers
    FROM evidence AS e
    SEMI JOIN store.resolutions AS p ON p.claim_id = e.claim_id
    WHERE e.stance IN ('supports', 'reports')
    GROUP BY e.claim_id
)
SELECT r.model, r.organisation,
       row_number() OVER release AS revision, t.claim_id, c.claim, c.kind, p.deadline, p."precision",
       lag(t.claim_id) OVER release AS revises,
       date_diff('day', lag(p.deadline) OVER release, p.deadline) AS moved_days,
       t.speaker, t.speakers, t.evidence_id, t.said_at, t.seen_at, o.state, o.resolved_at, o.reason, p.how, p.seen_at AS written_at,
       CASE WHEN o.state = 'void' THEN coalesce(p.void, 'withdrawn') END AS void
FROM told AS t
JOIN step.shown AS c USING (claim_id)
JOIN store.resolutions AS p USING (claim_id)
JOIN store.outcomes AS o USING (claim_id)
JOIN store.releases AS r USING (claim_id)
WHERE r.release_key IS NOT NULL
WINDOW release AS (PARTITION BY r.release_key ORDER BY t.first_at, p.deadline, t.claim_id);

-- How many of the dated claims could be resolved at all: stands beside every figure of accuracy.
CREATE OR REPLACE VIEW coverage AS
SELECT c.kind, count(*) AS dated,
       count(*) FILTER (o.state <> 'void') AS resolvable,
       count(*) FILTER (o.state IN ('met', 'missed')) AS resolved,
       count(*) FILTER (o.state = 'met') AS met,
       count(*) FILTER (o.state = 'missed') AS missed,
       count(*) FILTER (o.state = 'open') AS open,
       count(*) FILTER (o.state = 'void') AS void,
       count(*) FILTER (o.state = 'void' AND p.void = 'no_subject') AS void_no_subject,
       count(*) FILTER (o.state = 'void' AND p.void = 'no_time') AS void_no_time,
       count(*) FILTER (o.state = 'void' AND p.void = 'unknown_publication') AS void_unknown_publication,
       count(*) FILTER (o.state = 'void' AND p.void IS NULL) AS void_withdrawn
FROM store.resolutions AS p
JOIN store.outcomes AS o USING (claim_id)
JOIN step.shown AS c USING (claim_id)
GROUP BY c.kind;

CREATE OR REPLACE VIEW provenance AS
SELECT g.edge_id, g.document_id, d.url, g.origin_document_id, o.url AS origin_url, g.origin_name, g.kind, g.strength, g.words
FROM store.edges AS g
JOIN store.documents AS d ON d.document_id = g.document_id
LEFT JOIN store.documents AS o ON o.document_id = g.origin_document_id;

-- Who takes what it tells from whom: the mentions that are no voice of their own, by the source whose voice or document
-- they were traced to, or the voice that is not stored. Its own documents, and rumour with nobody behind it, are none of anybody's.
CREATE OR REPLACE VIEW repeats AS
WITH passed AS (
    SELECT source_id, origin_source_id, CASE WHEN origin_source_id IS NULL THEN voice END AS voice, min(voice_name) AS voice_name,
           document_id, claim_id
    FROM (
        SELECT e.source_id, e.voice, e.voice_name, e.document_id, e.claim_id,
               CASE WHEN starts_with(e.voice, 'source:') THEN e.voice[8:]
                    WHEN NOT starts_with(e.voice, 'unstored:') THEN o.source_id END AS origin_source_id
        FROM evidence AS e
        LEFT JOIN store.documents AS o ON o.document_id = e.origin_document_id
        WHERE NOT e.independent AND e.voice <> 'hearsay'
    )
    GROUP BY ALL
), signs AS (
    -- A document follows one of that source, or a voice that is not stored; by way of others it bears no sign of that.
    SELECT g.document_id, o.source_id AS origin_source_id, g.kind
    FROM store.edges AS g
    LEFT JOIN store.documents AS o ON o.document_id = g.origin_document_id
), told AS (
    SELECT p.source_id, p.origin_source_id, p.voice, min(p.voice_name) AS voice_name,
           count(DISTINCT p.document_id) AS documents, count(DISTINCT p.claim_id) AS claims
    FROM passed AS p
    WHERE p.origin_source_id IS DISTINCT FROM p.source_id
    GROUP BY p.source_id, p.origin_source_id, p.voice
), shown AS (
    SELECT source_id, origin_source_id, voice, list(kind || ': ' || documents ORDER BY documents DESC, kind) AS signs
    FROM (
        SELECT p.source_id, p.origin_source_id, p.voice, g.kind, count(DISTINCT p.document_id) AS documents
        FROM (SELECT DISTINCT source_id, origin_source_id, voice, document_id FROM passed) AS p
        JOIN signs AS g ON g.document_id = p.document_id
            AND (g.origin_source_id = p.origin_source_id OR (p.origin_source_id IS NULL AND g.origin_source_id IS NULL))
        GROUP BY ALL
    )
    GROUP BY ALL
)
SELECT t.source_id, s.name AS source, t.origin_source_id, coalesce(o.name, t.voice_name) AS origin, t.documents, t.claims,
       coalesce(n.signs, []) AS signs
FROM told AS t
JOIN store.sources AS s USING (source_id)
LEFT JOIN store.sources AS o ON o.source_id = t.origin_source_id
LEFT JOIN shown AS n ON n.source_id = t.source_id AND n.origin_source_id IS NOT DISTINCT FROM t.origin_source_id
    AND n.voice IS NOT DISTINCT FROM t.voice;

-- `claims` counts the claims that the source speaks for. How those that it said first ended stands in `track_records`.
CREATE OR REPLACE VIEW sources AS
SELECT s.source_id, s.name, s.platform, s.role, s.url, s.organisation, coalesce(n.claims, 0) AS claims,
       coalesce(k.documents, 0) AS documents, h.name AS house
FROM store.sources AS s
LEFT JOIN store.houses AS h USING (source_id)
LEFT JOIN (SELECT source_id, count(*) AS documents FROM store.documents GROUP BY source_id) AS k USING (source_id)
LEFT JOIN (
    SELECT source_id, count(DISTINCT claim_id) AS claims FROM evidence WHERE stance = 'supports' GROUP BY source_id
) AS n USING (source_id);

CREATE OR REPLACE VIEW decisions AS
SELECT number, decision_id, kind, target, value, reason, editor, decided_at, undone_at, claim_id, sha256 FROM step.bearings;

-- `usual` is the median of what the listing held in the fourteen crawls before, as far as it was read whole in them.
CREATE OR REPLACE VIEW crawls AS
SELECT c.run_id, c.feed, s.name AS source, c.started_at, c.finished_at, c.outcome, c.documents, c.requests, c.message,
       c.listed, c.expect_min, c.expect_max,
       median(c.listed) OVER (
           PARTITION BY c.feed ORDER BY c.started_at, c.finished_at ROWS BETWEEN 14 PRECEDING AND 1 PRECEDING
       ) AS usual
FROM store.crawls AS c
LEFT JOIN store.sources AS s ON s.source_id = c.feed;

-- A night is a day of UTC, so that trials by hand on one day are one night. It failed where something was lost and
-- nothing came. A source that is switched off, or no longer declared (not asked in the seven days before the newest
-- crawl), is not ailing.
CREATE OR REPLACE VIEW source_health AS
WITH told AS (
    SELECT *, row_number() OVER (PARTITION BY feed ORDER BY started_at DESC, finished_at DESC, run_id DESC) AS back,
           CASE outcome WHEN 'failed' THEN true WHEN 'partial' THEN documents = 0 WHEN 'ok' THEN false END AS failed
    FROM store.crawls
), streak AS (
    SELECT *, min(back) FILTER (NOT failed) OVER (PARTITION BY feed) AS well,
           count(listed) OVER (PARTITION BY feed ORDER BY back) AS readings
    FROM told
), health AS (
    SELECT feed, min(outcome) FILTER (back = 1) AS outcome, max(started_at) AS last_crawl_at,
           max(started_at) FILTER (NOT failed) AS last_ok_at,
           count(DISTINCT started_at::DATE) FILTER (failed AND (well IS NULL OR back < well)) AS nights_failed,
           arg_min(message, back) FILTER (failed AND (well IS NULL OR back < well)) AS why,
           min(expect_min) FILTER (back = 1) AS expect_min, min(expect_max) FILTER (back = 1) AS expect_max,
           median(listed) FILTER (readings <= 14) AS usual
    FROM streak
    GROUP BY feed
)
SELECT h.feed, coalesce(s.name, h.feed) AS source, h.outcome, h.last_crawl_at, h.last_ok_at, h.nights_failed,
       h.nights_failed >= 3 AND h.outcome <> 'off'
           AND h.last_crawl_at > (SELECT max(started_at) FROM store.crawls) - INTERVAL 7 DAY AS ailing,
       h.why, h.expect_min, h.expect_max, h.usual
FROM health AS h
LEFT JOIN store.sources AS s ON s.source_id = h.feed;

-- The crawls of each source in their order, several in one run taken together.
CREATE OR REPLACE VIEW step.turns AS
SELECT run_id, feed, min(started_at) AS started_at, sum(documents)::BIGINT AS documents,
       bool_and(outcome = 'off') AS off, bool_or(outcome = 'failed') AS failed, min(message) AS message,
       row_number() OVER (PARTITION BY feed ORDER BY min(started_at), run_id) AS turn,
       lead(min(started_at)) OVER (PARTITION BY feed ORDER BY min(started_at), run_id) AS next_at
FROM store.crawls
GROUP BY run_id, feed;

-- What kept each turn from reading its source: the kinds of its faults, by their codes.
CREATE OR REPLACE VIEW step.hindrances AS
WITH kinds AS (
    SELECT run_id, source_id AS feed, issue_id, message,
           CASE WHEN code IN ('robots', 'http_401', 'http_403', 'http_451') THEN 'blocked'
                WHEN code IN ('http_402', 'paywall') THEN 'paywalled'
                WHEN code = 'http_429' THEN 'rate_limited'
                WHEN code = 'too_few' THEN 'too_few'
                WHEN code <> 'too_many' AND severity = 'error' THEN 'failing' END AS kind
    FROM store.issues
    WHERE stage = 'crawl' AND code <> 'site_refuses'
), told AS (
    SELECT run_id, feed, kind, count(*) AS times, arg_min(message, issue_id) AS message
    FROM kinds WHERE kind IS NOT NULL
    GROUP BY run_id, feed, kind
)
SELECT t.run_id, t.feed, k.kind, k.times, k.message
FROM step.turns AS t JOIN told AS k ON k.run_id = t.run_id AND k.feed = t.feed
WHERE NOT t.off
UNION ALL
SELECT t.run_id, t.feed, CASE WHEN t.off THEN 'off' ELSE 'failing' END, 1, t.message
FROM step.turns AS t
WHERE t.off OR (t.failed AND NOT EXISTS (SELECT 1 FROM told AS k WHERE k.run_id = t.run_id AND k.feed = t.feed));

-- Silence is news about us, not about the world. It lasts from the first crawl that met a hindrance to the next crawl of
-- the source that did not meet it.
CREATE OR REPLACE VIEW silences AS
WITH placed AS (
    SELECT h.*, t.started_at, t.next_at, t.documents, t.turn,
           t.turn - row_number() OVER (PARTITION BY h.feed, h.kind ORDER BY t.turn) AS spell
    FROM step.hindrances AS h JOIN step.turns AS t ON t.run_id = h.run_id AND t.feed = h.feed
)
SELECT p.run_id, p.feed, coalesce(s.name, p.feed) AS source, p.kind,
       min(p.started_at) OVER whole AS since,
       last_value(p.next_at) OVER (whole ORDER BY p.turn ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS until,
       row_number() OVER (whole ORDER BY p.turn) AS nights, p.times, p.documents, p.message
FROM placed AS p
LEFT JOIN store.sources AS s ON s.source_id = p.feed
WINDOW whole AS (PARTITION BY p.feed, p.kind, p.spell);

CREATE OR REPLACE VIEW stages AS
SELECT run_id, stage, inputs, done, skipped, failed, seconds, detail FROM store.stage_runs;

CREATE OR REPLACE VIEW runs AS
SELECT r.run_id, r.command, r.started_at, r.finished_at, r.outcome, r.message,
       (SELECT count(*) FROM store.documents AS d WHERE d.run_id = r.run_id) AS documents,
       (SELECT count(*) FROM store.mentions AS m WHERE m.run_id = r.run_id) AS mentions,
       (SELECT count(*) FROM store.claims AS c WHERE c.run_id = r.run_id) AS claims,
       (SELECT count(*) FROM store.issues AS i WHERE i.run_id = r.run_id) AS issues
FROM store.runs AS r;

CREATE OR REPLACE VIEW issues AS
SELECT i.issue_id, i.run_id, i.seen_at, i.stage, i.severity, i.code, s.name AS source, i.source_id, i.place, i.message
FROM store.issues AS i
LEFT JOIN store.sources AS s USING (source_id);

-- A name as the voices of store.origins have it: case, accents, punctuation and a leading "the" taken off.
CREATE OR REPLACE MACRO step.voice_key(name) AS
    regexp_replace(trim(lower(regexp_replace(strip_accents(name), '[^\p{L}\p{N}]+', ' ', 'g'))), '^the ', '');

-- The voices by which each source speaks for itself: its own, its organisation's, that of its house or of its outlet.
CREATE OR REPLACE VIEW step.publishers AS
SELECT s.source_id,
       ['source:' || s.source_id, 'organisation:' || step.voice_key(s.organisation), h.house,
        'source:' || min(s.source_id) FILTER (starts_with(h.house, 'outlet:')) OVER (PARTITION BY h.house)] AS voices
FROM store.sources AS s
LEFT JOIN store.houses AS h USING (source_id);

-- Each statement with the bounds of its time: what is dated by the day was said some time on that day, what has no
-- date some time before we saw it, and what an edit brought some time between the two looks.
CREATE OR REPLACE VIEW step.told AS
SELECT e.claim_id, e.evidence_id, e.stance, e.voice, e.voice_name, e.independent, e.certainty, e.source_id,
       e.speaker_organisation, e.stance IN ('supports', 'reports') AS carries, list_contains(p.voices, e.voice) AS own,
       CASE WHEN v.number = 1 THEN e.said_at END AS said_at,
       CASE WHEN v.number = 1 THEN e.said_precision ELSE 'unknown' END AS said_precision,
       CASE WHEN v.number > 1 THEN v.unchanged_at ELSE e.said_at END AS earliest,
       CASE WHEN v.number > 1 OR e.said_at IS NULL THEN v.seen_at
            WHEN e.said_precision = 'second' THEN e.said_at
            ELSE e.said_at - INTERVAL 1 MICROSECOND
                 + CASE e.said_precision WHEN 'day' THEN INTERVAL 1 DAY WHEN 'month' THEN INTERVAL 1 MONTH
                                         WHEN 'quarter' THEN INTERVAL 3 MONTH ELSE INTERVAL 1 YEAR END END AS latest
FROM evidence AS e
JOIN store.versions AS v USING (version_id)
JOIN step.publishers AS p ON p.source_id = e.source_id
WHERE e.voice IS NOT NULL;

-- One row for each source, quoted person, organisation or house and each claim: what it did, and what came of it.
CREATE OR REPLACE VIEW track_record_claims AS
WITH told AS MATERIALIZED (
    FROM step.told
), spoke AS (
    -- A voice that is not stored has spoken by the time it is passed on.
    SELECT claim_id, voice, min(latest) AS latest,
           CASE WHEN bool_and(earliest IS NOT NULL) FILTER (independent) AND min(earliest) FILTER (independent) <= min(latest)
                THEN min(earliest) FILTER (independent) END AS earliest
    FROM told
    WHERE carries AND voice <> 'hearsay'
    GROUP BY claim_id, voice
), placed AS (
    SELECT claim_id, voice, earliest, min(latest) OVER claim < earliest AS later,
           count(*) FILTER (earliest IS NULL) OVER claim = 1
               AND coalesce(latest < min(earliest) OVER claim, true) AS before_all
    FROM spoke
    WINDOW claim AS (PARTITION BY claim_id)
), firsts AS (
    -- Of a voice with a known time, no other is known to be earlier; one without must be known to be earlier than all others.
    SELECT claim_id, voice, CASE WHEN earliest IS NULL THEN before_all ELSE NOT later END AS first,
           CASE WHEN later THEN 'another voice was earlier' ELSE 'its time is not known, and others speak too' END AS why_not
    FROM placed
), spoken AS (
    -- Whose statement each is: a source's own, a quoted person's, an organisation's or a house's.
    SELECT 'source' AS who, CASE WHEN starts_with(voice, 'source:') THEN voice[8:] ELSE source_id END AS who_id, *
    FROM told WHERE independent AND (own OR starts_with(voice, 'source:'))
    UNION ALL
    SELECT split_part(voice, ':', 1), voice, *
    FROM told WHERE independent AND split_part(voice, ':', 1) IN ('speaker', 'organisation', 'house')
), part AS (
    SELECT o.who, o.who_id, o.claim_id, o.evidence_id, o.said_at, o.said_precision, o.latest, o.stance, o.certainty, o.voice,
           CASE WHEN o.carries AND f.first THEN 'first' WHEN o.carries THEN 'joined'
                WHEN o.stance = 'denies' THEN 'denied' ELSE 'other' END AS part, f.why_not
    FROM spoken AS o
    LEFT JOIN firsts AS f USING (claim_id, voice)
    UNION ALL
    -- And what a source passes on.
    SELECT 'source', source_id, claim_id, evidence_id, said_at, said_precision, latest, stance, certainty, voice,
           CASE WHEN own AND carries THEN 'joined' WHEN carries THEN 'repeated' ELSE 'other' END,
           'its voice is heard elsewhere, in another of its house or its documents'
    FROM told
    WHERE NOT (own AND independent)
), chief AS (
    -- What weighs most of what it did, in its earliest words.
    SELECT * FROM part
    QUALIFY row_number() OVER (
        PARTITION BY who, who_id, claim_id
        ORDER BY list_position(['first', 'joined', 'denied', 'repeated', 'other'], part), latest, evidence_id
    ) = 1
), organisation AS (
    SELECT 'organisation:' || step.voice_key(organisation) AS who_id, min_by(organisation, (rank, organisation)) AS name
    FROM (SELECT DISTINCT unnest(organisations) AS organisation, 1 AS rank FROM step.shown
          UNION SELECT organisation, 2 FROM store.sources
          UNION SELECT speaker_organisation, 3 FROM told)
    GROUP BY ALL
), named AS (
    SELECT voice AS who_id, min(voice_name) AS name FROM told
    WHERE independent AND split_part(voice, ':', 1) IN ('speaker', 'house')
    GROUP BY voice
), subject AS (
    SELECT c.claim_id, c.kind, c.organisations, coalesce(v.status, 'unverified') AS status, v.rule = 'decided' AS decided,
           list_transform(c.organisations, lambda name: 'organisation:' || step.voice_key(name)) AS voices,
           CASE WHEN d.state = 'void' AND v.rule <> 'decided' THEN 'void'
                WHEN v.status = 'substantiated' THEN 'held'
                WHEN v.status IN ('contradicted', 'retracted', 'expired') THEN 'failed' ELSE 'open' END AS outcome,
           v.moved_at, d.reason AS void
    FROM step.shown AS c
    LEFT JOIN step.verdicts AS v USING (claim_id)
    LEFT JOIN store.outcomes AS d USING (claim_id)
), judged AS (
    SELECT p.*, c.* EXCLUDE (claim_id),
           p.part IN ('first', 'joined', 'denied') AND coalesce(list_contains(c.voices, p.voice), false) AS own
    FROM chief AS p
    JOIN subject AS c USING (claim_id)
)
SELECT j.who, j.who_id, coalesce(s.name, o.name, n.name, j.who_id) AS name, j.claim_id, j.kind, j.organisations, j.part, j.own,
       j.stance, j.certainty, j.evidence_id, j.said_at, j.said_precision, j.status, j.outcome,
       CASE WHEN j.outcome IN ('held', 'failed') THEN j.moved_at END AS settled_at,
       -- From the end of the day on which it was said, where only the day is known: never earlier than it was.
       CASE WHEN j.outcome IN ('held', 'failed') AND j.said_precision IN ('second', 'day') AND j.part IN ('first', 'joined')
            THEN greatest(0, epoch(j.moved_at - j.latest) / 86400) END AS lead_days,
       j.part = 'first' AND NOT j.own AND j.outcome IN ('held', 'failed') AS counted,
       CASE WHEN j.part = 'repeated' THEN 'not counted: it only passes on what others say'
            WHEN j.part = 'denied' THEN 'not counted: it denies the claim'
            WHEN j.part = 'other' THEN 'not counted: it only asks, or passes on a question or a denial'
            WHEN j.part = 'joined' THEN 'not counted as first: ' || j.why_not
            WHEN j.own THEN 'not counted: it speaks about itself'
            WHEN j.outcome = 'void' THEN 'not counted: ' || j.void
            WHEN j.outcome = 'open' THEN 'not counted yet: the claim is ' || j.status
            ELSE 'counted: it was first, and the claim is ' || j.status || CASE WHEN j.decided THEN ', as an editor decided' ELSE '' END
       END AS why
FROM judged AS j
-- By two equalities: a condition on one side alone would compare each row with each name.
LEFT JOIN (SELECT 'source' AS who, source_id AS who_id, name FROM store.sources) AS s USING (who, who_id)
LEFT JOIN (SELECT 'organisation' AS who, * FROM organisation) AS o USING (who, who_id)
LEFT JOIN (SELECT split_part(who_id, ':', 1) AS who, * FROM named) AS n USING (who, who_id);

CREATE OR REPLACE VIEW step.records AS
WITH row_of AS (
    FROM track_record_claims
), sliced AS (
    SELECT *, 'all' AS slice, NULL AS value FROM row_of
    UNION ALL
    SELECT *, 'kind', kind FROM row_of
    UNION ALL
    SELECT *, 'organisation', unnest(organisations) FROM row_of
)
SELECT who, who_id, name, slice, value, count(*) AS claims,
       count(*) FILTER (part = 'first' AND NOT own) AS first,
       count(*) FILTER (counted)::INTEGER AS settled,
       count(*) FILTER (counted AND outcome = 'held')::INTEGER AS held,
       count(*) FILTER (counted AND status = 'contradicted') AS contradicted,
       count(*) FILTER (counted AND status = 'retracted') AS retracted,
       count(*) FILTER (counted AND status = 'expired') AS expired,
       count(*) FILTER (part = 'first' AND NOT own AND outcome = 'open') AS open,
       count(*) FILTER (part = 'first' AND NOT own AND outcome = 'void') AS void,
       median(lead_days) FILTER (counted AND outcome = 'held') AS lead_days,
       count(lead_days) FILTER (counted AND outcome = 'held') AS lead_claims,
       count(*) FILTER (part = 'joined' AND NOT own) AS joined,
       count(*) FILTER (part = 'repeated') AS repeated,
       count(*) FILTER (part = 'repeated' AND outcome = 'failed') AS repeated_failed,
       count(*) FILTER (part = 'denied') AS denied,
       count(*) FILTER (part = 'denied' AND outcome = 'held') AS denied_held,
       count(*) FILTER (own AND part IN ('first', 'joined')) AS own
FROM sliced
GROUP BY who, who_id, name, slice, value;

-- `few`: the interval spans more than half of all that is possible, so it is too early to say.
CREATE OR REPLACE VIEW track_records AS
SELECT r.who, r.who_id, r.name, r.slice, r.value, r.claims, r.first, r.settled, r.held, r.contradicted, r.retracted, r.expired,
       r.open, r.void, i.rate, i.low, i.high, r.settled = 0 OR coalesce(i.high - i.low > 0.5, true) AS few, r.lead_days, r.lead_claims,
       r.joined, r.repeated, r.repeated_failed, r.denied, r.denied_held, r.own
FROM step.records AS r
LEFT JOIN store.intervals AS i ON i.held = r.held AND i.settled = r.settled;

-- The sources that bear on a claim and could not be read while it moved, from when it was first heard of to its latest
-- evidence or change of status: those of its documents, channels of its organisations, and, where they failed, the five
-- outlets of the press that speak most of such claims. Ten for each claim at most, those nearest to it first.
CREATE OR REPLACE VIEW blind_spots AS
WITH moving AS (
    SELECT c.claim_id, c.kind, list_transform(c.organisations, lambda name: step.voice_key(name)) AS organisations,
           m.first_at, greatest(m.last_at, coalesce(v.moved_at, v.since, v.judged_at)) AS last_at
    FROM step.shown AS c
    JOIN (
        SELECT b.claim_id, min(least(m.said_at, m.seen_at)) AS first_at, max(m.seen_at) AS last_at
        FROM store.members AS b
        JOIN store.mentions AS m USING (mention_id)
        GROUP BY b.claim_id
    ) AS m USING (claim_id)
    LEFT JOIN step.verdicts AS v USING (claim_id)
), spell AS (
    SELECT feed, source, kind, since, until, arg_max(message, nights) AS message
    FROM silences
    WHERE kind <> 'off'
    GROUP BY feed, source, kind, since, until
), spoke AS (
    SELECT DISTINCT e.claim_id, d.feed
    FROM evidence AS e
    JOIN store.documents AS d USING (document_id)
    SEMI JOIN spell AS s ON s.feed = d.feed
), bearing AS (
    SELECT claim_id, feed, 1 AS nearness FROM spoke
    UNION ALL
    SELECT m.claim_id, s.source_id, 2
    FROM (SELECT claim_id, unnest(organisations) AS organisation FROM moving) AS m
    JOIN store.sources AS s ON step.voice_key(s.organisation) = m.organisation
    UNION ALL
    SELECT m.claim_id, k.feed, 3
    FROM moving AS m
    JOIN (
        SELECT c.kind, p.feed
        FROM spoke AS p
        JOIN step.shown AS c USING (claim_id)
        JOIN store.sources AS s ON s.source_id = p.feed
        WHERE s.role = 'press' AND p.feed IN (SELECT feed FROM spell WHERE kind = 'failing')
        GROUP BY c.kind, p.feed
        QUALIFY row_number() OVER (PARTITION BY c.kind ORDER BY count(*) DESC, p.feed) <= 5
    ) AS k USING (kind)
), near AS (
    SELECT claim_id, feed, min(nearness) AS nearness FROM bearing GROUP BY claim_id, feed
)
SELECT n.claim_id, n.feed, s.source, s.kind, s.since, s.until, s.message,
       ['its own source', 'its subject', 'the press'][n.nearness] AS bears_as
FROM near AS n
JOIN moving AS m USING (claim_id)
JOIN spell AS s ON s.feed = n.feed AND s.since <= m.last_at AND (s.until IS NULL OR s.until > m.first_at)
WHERE n.nearness < 3 OR s.kind = 'failing'
QUALIFY row_number() OVER (PARTITION BY n.claim_id ORDER BY n.nearness, s.since, s.source, s.kind) <= 10;

-- What each claim is about: the organisations, and what its other names are known to be. A name that the gazetteer does not
-- know is a model where the claim is judged as one about its release.
CREATE OR REPLACE VIEW subjects AS
SELECT 'organisation' AS type, organisation AS subject, NULL AS owner,
       'organisation:' || step.voice_key(organisation) AS who_id, claim_id
FROM (SELECT DISTINCT unnest(organisations) AS organisation, claim_id FROM step.shown)
UNION ALL
SELECT CASE WHEN n.type IS NULL OR n.type = 'unknown' THEN 'model' ELSE n.type END, e.name, coalesce(n.owner, r.organisation), NULL, e.claim_id
FROM (SELECT DISTINCT unnest(entities) AS name, claim_id FROM step.shown) AS e
LEFT JOIN store.names AS n USING (name)
LEFT JOIN (SELECT model AS name, min(organisation) AS organisation FROM store.releases WHERE release_key IS NOT NULL GROUP BY model) AS r
    USING (name)
WHERE n.type IN ('model', 'benchmark', 'person') OR (coalesce(n.type, 'unknown') = 'unknown' AND r.name IS NOT NULL);
