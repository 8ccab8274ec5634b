-- Releases and dated claims.

-- The stages of a release, the lowest first.
CREATE OR REPLACE VIEW release_stages AS
SELECT number, rung, asked_for_by, shown_by FROM store.release_stages ORDER BY number;

-- The rungs that each model has reached, by the earliest that shows it (docs/judging.md).
CREATE OR REPLACE VIEW releases AS
SELECT r.model, r.organisation, g.rung, g.reached_at, g.said AS at_is_said, g.document_id, d.url,
       g.evidence_id, g.words, g.claim_id
FROM store.rungs AS g
JOIN store.releases AS r USING (claim_id)
JOIN step.shown AS c USING (claim_id)
JOIN store.documents AS d USING (document_id)
WHERE r.release_key IS NOT NULL
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

-- Successive times for one release, in the order in which they were said, or seen where that is unknown.
CREATE OR REPLACE VIEW goalposts AS
WITH told AS (
    SELECT e.claim_id, min(e.said_at) AS said_at, min(coalesce(e.said_at, e.seen_at)) AS first_at,
           min(e.seen_at) AS seen_at, arg_min(coalesce(e.speaker, e.author, e.source),
                                              (coalesce(e.said_at, e.seen_at), e.evidence_id)) AS speaker,
           arg_min(e.evidence_id, (coalesce(e.said_at, e.seen_at), e.evidence_id)) AS evidence_id,
           list_sort(list(DISTINCT coalesce(e.speaker, e.author, e.source))) AS speakers
    FROM evidence AS e
    SEMI JOIN store.resolutions AS p ON p.claim_id = e.claim_id
    WHERE e.stance IN ('supports', 'reports')
    GROUP BY e.claim_id
), planned AS (
    -- A time that could not be fixed at first sight may be by now.
    SELECT p.claim_id, p.seen_at,
           CASE WHEN p.deadline IS NULL THEN c.event_precision ELSE p."precision" END AS "precision",
           coalesce(p.deadline, c.event_at + CASE
               WHEN c.event_precision = 'day' AND c.event_at = date_trunc('day', c.event_at)
                   THEN INTERVAL 1 DAY
               ELSE INTERVAL 0 DAY END) AS deadline
    FROM store.resolutions AS p JOIN store.claims AS c USING (claim_id)
), wording AS (
    SELECT claim_id, arg_min("text", number) AS how,
           CASE WHEN count(*) > 1 THEN arg_max("text", number) END AS how_now
    FROM store.resolution_texts GROUP BY claim_id
)
SELECT r.model, r.organisation,
       row_number() OVER release AS revision, t.claim_id, c.claim, c.kind, p.deadline, p."precision",
       lag(t.claim_id) OVER release AS revises,
       date_diff('day', lag(p.deadline) OVER release, p.deadline) AS moved_days,
       t.speaker, t.speakers, t.evidence_id, t.said_at, t.seen_at, o.state, o.resolved_at, o.reason,
       w.how, w.how_now, p.seen_at AS written_at,
       CASE WHEN o.state = 'void' THEN step.void(o.reason) END AS void
FROM told AS t
JOIN step.shown AS c USING (claim_id)
JOIN planned AS p USING (claim_id)
JOIN store.outcomes AS o USING (claim_id)
JOIN store.releases AS r USING (claim_id)
JOIN wording AS w USING (claim_id)
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
       count(*) FILTER (o.state = 'void' AND step.void(o.reason) = 'no_subject') AS void_no_subject,
       count(*) FILTER (o.state = 'void' AND step.void(o.reason) = 'no_time') AS void_no_time,
       count(*) FILTER (o.state = 'void' AND step.void(o.reason) = 'unknown_publication')
           AS void_unknown_publication,
       count(*) FILTER (o.state = 'void' AND step.void(o.reason) = 'withdrawn') AS void_withdrawn
FROM store.resolutions AS p
JOIN store.outcomes AS o USING (claim_id)
JOIN step.shown AS c USING (claim_id)
GROUP BY c.kind;
