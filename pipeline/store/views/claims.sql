-- Claims: where they stand, their timeline, rivals.

-- The rules by which claims were judged last, in the order in which they are asked.
CREATE OR REPLACE VIEW rules AS
SELECT number, rule, status, holds_when, would_change, version FROM store.rules ORDER BY number;

-- How much each claim is talked about, whatever becomes of it (docs/trace.md): documents, platforms,
-- documents of the 48 hours before anything was seen last (not before now: a copy that is restored says the
-- same), and points, as far as platforms tell them. Nothing here is read by the judging.
CREATE OR REPLACE VIEW step.importance AS
WITH clock AS (
    SELECT max(last_seen_at) AS now FROM store.sightings
), heard AS (
    SELECT DISTINCT b.claim_id, m.document_id FROM store.members AS b JOIN store.mentions AS m
        USING (mention_id)
), counted AS (
    SELECT h.claim_id, count(*) AS documents, count(DISTINCT d.platform) AS platforms,
           count(*) FILTER (coalesce(d.published_at, d.seen_at) > k.now - INTERVAL 48 HOUR) AS recent,
           sum(greatest(d.score, 0)) FILTER (d.score IS NOT NULL) AS reach
    FROM heard AS h JOIN store.documents AS d USING (document_id) CROSS JOIN clock AS k
    GROUP BY h.claim_id
), weight AS (
    SELECT *,
           (ln(1 + documents) + ln(platforms) + ln(1 + recent) + ln(1 + coalesce(reach, 0)) / 4) / 4 AS weight
    FROM counted
)
SELECT claim_id, round(weight / (1 + weight), 3) AS importance,
       list_filter(['documents: ' || documents, 'platforms: ' || platforms, 'last 48 hours: ' || recent,
                    'points: ' || reach],
                   lambda part: part IS NOT NULL) AS why
FROM weight;

-- Who said each claim first, as far as times tell: of each voice of which no other is known to be earlier its
-- earliest words, and the earliest time that is known of it. Who passes a voice on is not asked: that voice
-- is. Its own words are taken where they can be its earliest. What is no voice is told by the account or
-- outlet that publishes it, which is that voice where it also speaks for itself, and by the document alone
-- where no account is known.
CREATE OR REPLACE VIEW step.first_words AS
WITH heard AS (
    SELECT claim_id, evidence_id, document_id, said_at, said_earliest, said_latest,
           coalesce(independent, false) AS independent,
           (coalesce(said_at, seen_at), part = 'title', mention_id) AS place,
           coalesce(voice, 'hearsay') <> 'hearsay' AS is_voice,
           CASE WHEN is_voice THEN voice
                WHEN platform IN ('news', 'blog') OR contains(source_id, ':') THEN 'source:' || source_id
                ELSE document_id END AS who
    FROM evidence
), spoke AS (
    SELECT claim_id, who, min(said_latest) AS latest,
           step.spoke_from(said_earliest, said_latest, independent OR NOT is_voice) AS earliest,
           coalesce(min(said_earliest) FILTER (independent) <= min(said_latest), true) AS own_first
    FROM heard
    GROUP BY claim_id, who
), may_be_first AS (
    SELECT claim_id, who, own_first FROM spoke
    QUALIFY coalesce(earliest <= min(latest) OVER (PARTITION BY claim_id), true)
)
SELECT claim_id, evidence_id, document_id, min(said_at) OVER (PARTITION BY claim_id, who) AS said_at, place
FROM heard JOIN may_be_first USING (claim_id, who)
QUALIFY row_number() OVER (PARTITION BY claim_id, who ORDER BY own_first AND NOT independent, place) = 1;

-- Its evidence is counted before the rest is joined to it: texts and lists make slow keys.
CREATE OR REPLACE VIEW claims AS
WITH counted AS (
    SELECT claim_id,
           count(*) FILTER (stance = 'supports')  AS supports,
           count(*) FILTER (stance = 'denies')    AS denies,
           count(*) FILTER (stance = 'questions') AS questions,
           count(*) FILTER (stance = 'reports')   AS reports,
           min(said_at) AS first_said_at, min(seen_at) AS first_seen_at, max(seen_at) AS last_seen_at,
           count(*) AS mentions
    FROM evidence
    GROUP BY claim_id
), first AS (
    SELECT claim_id, min(said_at) AS said_at, arg_min(document_id, place) AS document_id,
           list(evidence_id ORDER BY place) AS evidence_ids
    FROM step.first_words
    GROUP BY claim_id
)
SELECT c.claim_id, c.claim, c.kind, coalesce(v.status, 'unverified') AS status, v.score,
       coalesce(v.voices, 0) AS voices, coalesce(n.supports, 0) AS supports, coalesce(n.denies, 0) AS denies,
       coalesce(n.questions, 0) AS questions, coalesce(n.reports, 0) AS reports,
       coalesce(a.said_at, n.first_said_at) AS first_said_at, a.document_id AS first_document_id,
       a.evidence_ids AS first_evidence_ids, coalesce(v.moved_at, v.since, v.judged_at) AS last_moved_at,
       coalesce(n.first_seen_at, c.created_at) AS first_seen_at,
       coalesce(n.last_seen_at, c.created_at) AS last_seen_at, coalesce(n.mentions, 0) AS mentions, v.rule,
       v.reason, v.would_change, v.evidence_ids, c.organisations, c.entities, c.event_at, c.event_precision,
       w.checkworthy, w.why AS checkworthy_why, i.importance, i.why AS importance_why, r.rung, r.rung_reached,
       f.editor AS followed_by, f.decided_at AS followed_since, f.reason AS followed_why, t.story_id
FROM step.shown AS c
LEFT JOIN counted AS n USING (claim_id)
LEFT JOIN first AS a USING (claim_id)
LEFT JOIN step.verdicts AS v USING (claim_id)
LEFT JOIN store.checkworthy AS w USING (claim_id)
LEFT JOIN step.importance AS i USING (claim_id)
LEFT JOIN store.releases AS r USING (claim_id)
LEFT JOIN store.story_claims AS t USING (claim_id)
LEFT JOIN step.decided AS f ON f.kind = 'follow' AND f.target = c.claim_id;

-- Who carried each claim: its sources, with how much each said of it and since when.
CREATE OR REPLACE VIEW carriers AS
SELECT claim_id, source_id, any_value(source) AS source, count(*) AS mentions, min(said_at) AS first_said_at,
       min(seen_at) AS first_seen_at
FROM evidence
GROUP BY claim_id, source_id;

-- Claims that the machine joined to others; `claim_id` is the claim that stands for both by now, as long as
-- the join holds. Of what an editor hid the ids alone are told: by them whoever asks for the joined claim is
-- led to what was decided.
CREATE OR REPLACE VIEW joins AS
SELECT j.claim_id AS joined_id, j.into_id, coalesce(i.merged_into, i.claim_id) AS claim_id,
       if(d.claim_id IS NULL, c.claim, NULL) AS claim, j.forward, j.backward, j.model, j.joined_at,
       j.parted_at, j.run_id
FROM store.joins AS j
JOIN store.claims AS c ON c.claim_id = j.claim_id
JOIN store.claims AS i ON i.claim_id = j.into_id
LEFT JOIN step.hidden AS d ON d.claim_id = j.claim_id;

-- One row for each thing that happened to a claim. `at` is when it was said, or when we saw it where that is
-- unknown.
CREATE OR REPLACE VIEW timeline AS
SELECT e.claim_id, coalesce(e.said_at, e.seen_at) AS "at", e.stance AS event, NULL AS status, e.evidence_id,
       coalesce(e.speaker, e.author, e.source) AS reason, e.said_at IS NOT NULL AS at_is_said, e.seen_at
FROM evidence AS e
UNION ALL
SELECT v.claim_id, coalesce(v.moved_at, v.since, v.judged_at), 'status', v.status, v.evidence_ids[-1],
       v.reason, v.moved_at IS NOT NULL, v.judged_at
FROM step.judgements AS v
JOIN step.shown USING (claim_id)
UNION ALL
SELECT DISTINCT e.claim_id, w.seen_at, 'edited', NULL,
       arg_min(e.evidence_id, (e.seen_at, e.evidence_id)) OVER (PARTITION BY e.claim_id, w.version_id),
       'version ' || w.number || ' of ' || coalesce(e.url, e.document_id)
           || coalesce(': ' || replace(w.change, '_', ' ') || ' changed', ''),
       false, w.seen_at
FROM evidence AS e
JOIN edits AS w ON w.document_id = e.document_id AND w.change IS DISTINCT FROM 'trivial'
UNION ALL
SELECT r.claim_id, r.seen_at, CASE WHEN r.noted THEN 'corrected' ELSE 'hedged' END, NULL, r.evidence_id,
       '“' || r.before || '” ' || coalesce('became “' || r.after || '”', 'was left out')
           || CASE WHEN r.noted THEN ', with a note' ELSE ', without a note' END
           || coalesce(', some time after ' || strftime(r.unchanged_at, '%Y-%m-%d %H:%M'), ''), false,
           r.seen_at
FROM store.rewordings AS r
JOIN step.shown USING (claim_id)
WHERE r.noted OR r.hedged OR r.after IS NULL
UNION ALL
SELECT DISTINCT e.claim_id, e.gone_at, 'gone', NULL,
       arg_min(e.evidence_id, (e.seen_at, e.evidence_id)) OVER (PARTITION BY e.claim_id, e.document_id),
       coalesce(e.url, e.document_id) || ' is gone: ' || d.gone_evidence, false, e.gone_at
FROM evidence AS e
JOIN store.documents AS d USING (document_id)
WHERE e.gone_at IS NOT NULL
UNION ALL
SELECT c.claim_id, c.event_at, 'deadline', NULL, NULL, 'the time that the claim names (' || c.event_precision
       || ')', true, c.created_at
FROM step.shown AS c
WHERE c.event_at IS NOT NULL
UNION ALL
SELECT d.claim_id, d.decided_at, 'decision', CASE WHEN d.kind = 'status' THEN d.value END, NULL,
       d.kind || ' by ' || d.editor || ': ' || d.reason, true, d.decided_at
FROM step.bearings AS d
JOIN step.shown AS c USING (claim_id)
WHERE d.undone_at IS NULL
UNION ALL
SELECT j.claim_id, j.joined_at, 'joined', NULL, NULL,
       '“' || j.claim || '” (' || j.joined_id || ') says the same, found by ' || j.model, false, j.joined_at
FROM joins AS j
JOIN step.shown USING (claim_id)
WHERE j.parted_at IS NULL;

-- One row for each claim whose status a run changed; `status_before` is null for a claim that was new in that
-- run.
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

-- Every step of every judgement, with the spans that make a day easy to ask for: the step stood from `since`
-- to `until`, and was the newest word on that from `judged_at` to `judged_until`.
CREATE OR REPLACE VIEW status_history AS
SELECT v.claim_id, v.run_id, v.judged_at,
       first_value(v.judged_at) OVER (
           PARTITION BY v.claim_id ORDER BY v.judged_at GROUPS BETWEEN 1 FOLLOWING AND 1 FOLLOWING
       ) AS judged_until,
       v.step, v.moved_at, coalesce(v.moved_at, v.since, v.judged_at) AS since,
       lead(coalesce(v.moved_at, v.since, v.judged_at)) OVER judgement AS until,
       v.step = last_value(v.step) OVER (
           judgement ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
       ) AS last_step,
       v.status, v.score, v.voices, v.rule, v.reason, v.would_change, v.evidence_ids
FROM store.verdicts AS v
JOIN step.shown USING (claim_id)
WINDOW judgement AS (PARTITION BY v.claim_id, v.judged_at ORDER BY v.step);

-- Rivals of a claim that was merged are rivals of the one that took over; of several pairs both sides tell
-- the same.
CREATE OR REPLACE VIEW step.rivals AS
SELECT claim_id, rival_id, slot, arg_min(words, pair) AS words
FROM (
    SELECT coalesce(a.merged_into, a.claim_id) AS claim_id, coalesce(b.merged_into, b.claim_id) AS rival_id,
           r.slot, r.words, (least(r.claim_id, r.rival_id), greatest(r.claim_id, r.rival_id)) AS pair
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

-- Pairs of claims that were nearly put together, as far as both are shown, they are no rivals, and no editor
-- has said that they are two.
CREATE OR REPLACE VIEW grey_pairs AS
WITH pair AS (
    SELECT least(coalesce(a.merged_into, a.claim_id), coalesce(b.merged_into, b.claim_id)) AS claim_id,
           greatest(coalesce(a.merged_into, a.claim_id), coalesce(b.merged_into, b.claim_id)) AS other_id,
           max(g.score) AS score
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
