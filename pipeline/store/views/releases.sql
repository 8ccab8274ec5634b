-- Releases and dated claims.

-- The stages of a release, the lowest first.
CREATE OR REPLACE VIEW release_stages AS
SELECT number, rung, asked_for_by, shown_by FROM store.release_stages ORDER BY number;

-- The release that each claim of one speaks of. Who builds on another maker's model, or sells it, releases
-- something else: that is no stage of the model and no date of its release. Nor is a medium or a person
-- released.
CREATE OR REPLACE VIEW step.releases AS
SELECT r.*
FROM store.releases AS r
LEFT JOIN store.names AS n ON n.name = r.model
WHERE r.release_key IS NOT NULL AND coalesce(n.type, 'unknown') IN ('model', 'unknown')
  AND (n.owner IS NULL OR r.organisation IS NULL
       OR step.parent_key(n.owner) = step.parent_key(r.organisation));

-- The rungs that each model has reached, by the earliest that shows it (docs/judging.md).
CREATE OR REPLACE VIEW releases AS
SELECT r.model, r.organisation, g.rung, g.reached_at, g.said AS at_is_said, g.document_id, d.url,
       g.evidence_id, g.words, g.claim_id
FROM store.rungs AS g
JOIN step.releases AS r USING (claim_id)
JOIN step.shown AS c USING (claim_id)
JOIN store.documents AS d USING (document_id)
QUALIFY row_number() OVER (
    PARTITION BY r.release_key, g.rung ORDER BY g.reached_at, g.document_id, g.evidence_id, g.claim_id
) = 1;

-- By what each dated claim will be resolved: the text of its first sight, and those that were put beside it.
CREATE OR REPLACE VIEW resolution_texts AS
SELECT t.claim_id, t.number, t.written_at, t.rules, t."text", t.why,
       t.number = max(t.number) OVER (PARTITION BY t.claim_id) AS newest
FROM store.resolution_texts AS t
JOIN step.shown AS c USING (claim_id);

-- Why a claim is void, by the words of its outcome (`VOID_WORDS` of pipeline/stages/judge/deadlines.py): what
-- is written of its first sight may tell of another reading.
CREATE OR REPLACE MACRO step.void(reason) AS CASE
    WHEN contains(reason, 'names no model') THEN 'no_subject'
    WHEN contains(reason, 'cannot be fixed') THEN 'no_time'
    WHEN contains(reason, 'when it was said is not known') THEN 'unknown_publication'
    ELSE 'withdrawn' END;

-- When the time that a statement names is over: a day that stands at its midnight is over with it.
CREATE OR REPLACE MACRO step.deadline_of(event_at, "precision") AS event_at + CASE
    WHEN "precision" = 'day' AND event_at = date_trunc('day', event_at) THEN INTERVAL 1 DAY
    ELSE INTERVAL 0 DAY END;

-- When a time that is over at `deadline` begins, as exactly as it was named: a quarter with its first day.
CREATE OR REPLACE MACRO step.deadline_begins(deadline, "precision") AS CASE "precision"
    WHEN 'day' THEN date_trunc('day', deadline - INTERVAL 1 SECOND)
    WHEN 'month' THEN date_trunc('month', deadline - INTERVAL 1 SECOND)
    WHEN 'quarter' THEN date_trunc('quarter', deadline - INTERVAL 1 SECOND)
    WHEN 'year' THEN date_trunc('year', deadline - INTERVAL 1 SECOND)
    ELSE deadline END;

-- Successive times for one release, in the order in which they were said, or seen where that is unknown. A
-- claim has a row for its time as it was first read (`basis` claim), one for its time as it is read now where
-- that is another (reread), and one for each other time that its statements named before it was over
-- (statement): in more exact words, or in a claim that was merged into it. Times a day apart are the same.
CREATE OR REPLACE VIEW goalposts AS
WITH planned AS (
    -- A time that could not be fixed at first sight may be by now.
    SELECT p.claim_id, p.seen_at,
           CASE WHEN p.deadline IS NULL THEN c.event_precision ELSE p."precision" END AS "precision",
           coalesce(p.deadline, step.deadline_of(c.event_at, c.event_precision)) AS deadline,
           step.deadline_of(c.event_at, c.event_precision) AS deadline_now,
           c.event_precision AS precision_now,
           coalesce(abs(date_diff('hour', deadline_now, p.deadline)) > 24, false) AS reread
    FROM store.resolutions AS p JOIN store.claims AS c USING (claim_id)
    WHERE p.claim_id IN (SELECT claim_id FROM step.releases)
), named AS (
    SELECT e.claim_id, e.evidence_id, e.said_at, e.seen_at, coalesce(e.said_at, e.seen_at) AS heard_at,
           coalesce(e.speaker, e.author, e.source) AS who,
           step.deadline_of(m.event_at, m.event_precision) AS other, m.event_precision AS exactly,
           -- Of a claim that was read anew, its statements' own times were too.
           coalesce(NOT p.reread AND m.kind IN ('release', 'delay') AND heard_at < other
                    AND (exactly IS DISTINCT FROM p."precision"
                         OR abs(date_diff('hour', other, p.deadline)) > 24), false) AS differs
    FROM evidence AS e
    JOIN planned AS p USING (claim_id)
    JOIN step.mentions AS m USING (mention_id)
    WHERE e.stance IN ('supports', 'reports')
), told AS (
    SELECT claim_id, if(differs, other, NULL) AS other, if(differs, exactly, NULL) AS exactly, differs,
           min(said_at) AS said_at, min(heard_at) AS first_at, min(seen_at) AS seen_at,
           arg_min(who, (heard_at, evidence_id)) AS speaker,
           arg_min(evidence_id, (heard_at, evidence_id)) AS evidence_id,
           list_sort(list(DISTINCT who)) AS speakers
    FROM named
    GROUP BY ALL
), wording AS (
    SELECT claim_id, arg_min("text", number) AS how,
           CASE WHEN count(*) > 1 THEN arg_max("text", number) END AS how_now
    FROM store.resolution_texts GROUP BY claim_id
), dated AS (
    SELECT t.* EXCLUDE (other, exactly, differs), p.seen_at AS written_at, w.how, w.how_now,
           if(p.reread, p.deadline_now, p.deadline) AS decides,
           unnest(CASE WHEN t.differs THEN ['statement'] WHEN p.reread THEN ['claim', 'reread']
                  ELSE ['claim'] END) AS basis,
           CASE basis WHEN 'statement' THEN t.other WHEN 'reread' THEN p.deadline_now
                ELSE p.deadline END AS deadline,
           CASE basis WHEN 'statement' THEN t.exactly WHEN 'reread' THEN p.precision_now
                ELSE p."precision" END AS "precision"
    FROM told AS t JOIN planned AS p USING (claim_id) JOIN wording AS w USING (claim_id)
), ended AS (
    -- How a claim came out holds for the time that decides it. Another time of it was met where what met the
    -- claim came before that time was over, and missed where that came later, or where a later time was
    -- missed.
    SELECT t.*, step.deadline_begins(t.deadline, t."precision") AS earliest, o.resolved_at, o.reason,
           CASE WHEN t.deadline IS NOT DISTINCT FROM t.decides OR o.state = 'void' THEN o.state
                WHEN o.state = 'met' AND o.resolved_at < t.deadline THEN 'met'
                WHEN o.state = 'met' AND o.resolved_at >= t.deadline THEN 'missed'
                WHEN o.state = 'missed' AND t.deadline <= t.decides THEN 'missed'
                ELSE 'open' END AS state
    FROM dated AS t JOIN store.outcomes AS o USING (claim_id)
)
SELECT r.model, r.organisation,
       row_number() OVER release AS revision, t.claim_id, c.claim, c.kind, t.deadline, t."precision",
       t.earliest, t.basis, lag(t.claim_id) OVER release AS revises,
       -- Who names the same time more or less exactly moves nothing.
       CASE WHEN t.earliest >= lag(t.earliest) OVER release AND t.deadline <= lag(t.deadline) OVER release
              OR t.earliest <= lag(t.earliest) OVER release AND t.deadline >= lag(t.deadline) OVER release
            THEN 0 ELSE date_diff('day', lag(t.deadline) OVER release, t.deadline) END AS moved_days,
       t.speaker, t.speakers, t.evidence_id, t.said_at, t.seen_at, t.state, t.resolved_at, t.reason,
       t.how, t.how_now, t.written_at,
       CASE WHEN t.state = 'void' THEN step.void(t.reason) END AS void
FROM ended AS t
JOIN step.shown AS c USING (claim_id)
JOIN step.releases AS r USING (claim_id)
WINDOW release AS (PARTITION BY r.release_key ORDER BY t.first_at, t.basis, t.deadline, t.claim_id);

-- How many of the dated claims could be resolved at all: stands beside every figure of accuracy.
CREATE OR REPLACE VIEW coverage AS
SELECT c.kind, count(*) AS dated,
       count(*) FILTER (o.state <> 'void') AS resolvable,
       count(*) FILTER (o.state IN ('met', 'missed')) AS resolved,
       count(*) FILTER (o.state = 'met') AS met,
       count(*) FILTER (o.state = 'missed') AS missed,
       count(*) FILTER (o.state = 'open') AS open,
       count(*) FILTER (o.state = 'void') AS void,
       count(*) FILTER (o.state = 'void' AND step.void(o.reason) = 'no_subject') AS void_no_subject,
       count(*) FILTER (o.state = 'void' AND step.void(o.reason) = 'no_time') AS void_no_time,
       count(*) FILTER (o.state = 'void' AND step.void(o.reason) = 'unknown_publication')
           AS void_unknown_publication,
       count(*) FILTER (o.state = 'void' AND step.void(o.reason) = 'withdrawn') AS void_withdrawn
FROM store.resolutions AS p
JOIN store.outcomes AS o USING (claim_id)
JOIN step.shown AS c USING (claim_id)
GROUP BY c.kind;
