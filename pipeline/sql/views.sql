-- The public SQL interface. Every view and column here is documented in docs/sql.md, and publish writes each view
-- as a table of the published copy. Times are UTC. Views in the schema `step` are steps on the way, not published.

CREATE SCHEMA IF NOT EXISTS step;

CREATE OR REPLACE VIEW step.decided AS
SELECT kind, target, arg_max(value, (decided_at, decision_id)) AS value, arg_max(reason, (decided_at, decision_id)) AS reason,
       arg_max(editor, (decided_at, decision_id)) AS editor, max(decided_at) AS decided_at
FROM store.decisions
WHERE undone_at IS NULL
GROUP BY kind, target;

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

-- The claims that are shown: neither merged into another nor hidden by an editor.
CREATE OR REPLACE VIEW step.shown AS
SELECT c.*
FROM store.claims AS c
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

CREATE OR REPLACE VIEW evidence AS
SELECT t.claim_id, t.mention_id, t.evidence_id, t.stance, t.machine_stance, t.confidence, t.cues, m.quote, m.part,
       m.start_char, m.end_char, m.version_id, m.proposition, m.speaker, m.speaker_role, m.speaker_organisation,
       m.attributed_to, m.certainty, m.negated, m.document_id, d.url, s.name AS source, d.source_id, d.platform,
       d.author, d.title, m.said_at, m.seen_at, d.published_precision AS said_precision, o.voice, o.voice_name,
       o.independent, o.origin_document_id, o.reason AS voice_reason, d.gone_at, d.artefact
FROM step.stances AS t
JOIN step.shown AS c USING (claim_id)
JOIN store.mentions AS m USING (mention_id)
JOIN store.documents AS d ON d.document_id = m.document_id
JOIN store.sources AS s ON s.source_id = d.source_id
LEFT JOIN store.origins AS o ON o.claim_id = t.claim_id AND o.mention_id = t.mention_id;

CREATE OR REPLACE VIEW claims AS
SELECT c.claim_id, c.claim, c.kind, coalesce(v.status, 'unverified') AS status, v.score, coalesce(v.voices, 0) AS voices,
       count(*) FILTER (e.stance = 'supports')  AS supports,
       count(*) FILTER (e.stance = 'denies')    AS denies,
       count(*) FILTER (e.stance = 'questions') AS questions,
       count(*) FILTER (e.stance = 'reports')   AS reports,
       min(e.said_at) AS first_said_at,
       arg_min(e.document_id, (coalesce(e.said_at, e.seen_at), e.seen_at, e.document_id)) AS first_document_id,
       coalesce(v.moved_at, v.judged_at) AS last_moved_at,
       min(e.seen_at) AS first_seen_at, max(e.seen_at) AS last_seen_at, count(*) AS mentions,
       v.rule, v.reason, v.would_change, v.evidence_ids, c.organisations, c.entities, c.event_at, c.event_precision,
       w.checkworthy, w.why AS checkworthy_why
FROM step.shown AS c
JOIN evidence AS e USING (claim_id)
LEFT JOIN step.verdicts AS v USING (claim_id)
LEFT JOIN store.checkworthy AS w USING (claim_id)
GROUP BY ALL;

-- One row for each thing that happened to a claim. `at` is when it was said, or when we saw it where that is unknown.
CREATE OR REPLACE VIEW timeline AS
SELECT e.claim_id, coalesce(e.said_at, e.seen_at) AS "at", e.stance AS event, NULL AS status, e.evidence_id,
       coalesce(e.speaker, e.author, e.source) AS reason, e.said_at IS NOT NULL AS at_is_said, e.seen_at
FROM evidence AS e
UNION ALL
SELECT v.claim_id, coalesce(v.moved_at, v.judged_at), 'status', v.status, v.evidence_ids[-1], v.reason, v.moved_at IS NOT NULL, v.judged_at
FROM step.judgements AS v
JOIN step.shown USING (claim_id)
UNION ALL
SELECT DISTINCT e.claim_id, w.seen_at, 'edited', NULL, arg_min(e.evidence_id, (e.seen_at, e.evidence_id)) OVER (PARTITION BY e.claim_id, w.version_id),
       'version ' || w.number || ' of ' || coalesce(e.url, e.document_id) || coalesce(': ' || replace(w.change, '_', ' ') || ' changed', ''),
       false, w.seen_at
FROM evidence AS e
JOIN edits AS w ON w.document_id = e.document_id AND w.change IS DISTINCT FROM 'trivial'
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
SELECT c.claim_id, d.decided_at, 'decision', CASE WHEN d.kind = 'status' THEN d.value END, NULL,
       d.kind || ' by ' || d.editor || ': ' || d.reason, true, d.decided_at
FROM store.decisions AS d
JOIN step.shown AS c ON c.claim_id = d.target
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

CREATE OR REPLACE VIEW rivals AS
SELECT r.claim_id, r.rival_id, r.slot, r.words
FROM store.rivals AS r
JOIN step.shown AS a ON a.claim_id = r.claim_id
JOIN step.shown AS b ON b.claim_id = r.rival_id;

CREATE OR REPLACE VIEW provenance AS
SELECT g.edge_id, g.document_id, d.url, g.origin_document_id, o.url AS origin_url, g.origin_name, g.kind, g.strength, g.words
FROM store.edges AS g
JOIN store.documents AS d ON d.document_id = g.document_id
LEFT JOIN store.documents AS o ON o.document_id = g.origin_document_id;

-- `claims` counts the claims that the source speaks for; `first` those of which it is the earliest stored voice.
CREATE OR REPLACE VIEW sources AS
SELECT s.source_id, s.name, s.platform, s.role, s.url, s.organisation,
       coalesce(n.claims, 0) AS claims, coalesce(n.first, 0) AS first,
       coalesce(n.substantiated, 0) AS substantiated, coalesce(n.contradicted, 0) AS contradicted,
       coalesce(k.documents, 0) AS documents
FROM store.sources AS s
LEFT JOIN (SELECT source_id, count(*) AS documents FROM store.documents GROUP BY source_id) AS k USING (source_id)
LEFT JOIN (
    SELECT e.source_id,
           count(DISTINCT c.claim_id) AS claims,
           count(DISTINCT c.claim_id) FILTER (c.first_document_id = e.document_id) AS first,
           count(DISTINCT c.claim_id) FILTER (c.status = 'substantiated') AS substantiated,
           count(DISTINCT c.claim_id) FILTER (c.status IN ('contradicted', 'retracted')) AS contradicted
    FROM evidence AS e
    JOIN claims AS c USING (claim_id)
    WHERE e.stance = 'supports'
    GROUP BY e.source_id
) AS n USING (source_id);

CREATE OR REPLACE VIEW decisions AS
SELECT decision_id, kind, target, value, reason, editor, decided_at, undone_at FROM store.decisions;

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
