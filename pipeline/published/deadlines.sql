-- What the calendar of deadlines reads (deadlines.py).

-- name: named
-- All times that were named, of each release in the order in which they were said; `revises` is the claim
-- that named the one before, `joined` the number of claims that the machine joined to this one.
SELECT r.claim_id, g.revises, coalesce(g.deadline, c.event_at) AS deadline,
       coalesce(g."precision", c.event_precision) AS "precision", coalesce(j.joined, 0) AS joined
FROM (SELECT DISTINCT claim_id FROM resolution_texts) AS r
JOIN claims AS c USING (claim_id)
LEFT JOIN goalposts AS g USING (claim_id)
LEFT JOIN (SELECT claim_id, count(*) AS joined FROM joins GROUP BY claim_id) AS j USING (claim_id)
ORDER BY deadline DESC NULLS LAST, r.claim_id
LIMIT $limit;

-- name: dates
-- Those of $claims with the words that named them and what became of them. The time that a claim names is
-- over after its whole last day. `changed_at` is when something of the claim was seen, written or
-- judged last.
WITH asked AS (
    SELECT unnest($claims::VARCHAR[]) AS claim_id
), wording AS (
    SELECT t.claim_id, arg_min(t."text", t.number) AS how, max(t.written_at) AS written_at,
           CASE WHEN count(*) > 1 THEN arg_max(t."text", t.number) END AS how_now
    FROM resolution_texts AS t SEMI JOIN asked USING (claim_id)
    GROUP BY t.claim_id
), judged AS (
    SELECT h.claim_id, max(h.judged_at) AS judged_at
    FROM status_history AS h SEMI JOIN asked USING (claim_id)
    GROUP BY h.claim_id
)
SELECT c.claim_id, left(c.claim, 2000) AS claim, c.kind, c.status, left(c.reason, 2000) AS reason,
       g.model, g.organisation,
       coalesce(g.deadline, c.event_at + CASE
           WHEN c.event_precision = 'day' AND c.event_at = date_trunc('day', c.event_at) THEN INTERVAL 1 DAY
           ELSE INTERVAL 0 DAY END) AS deadline,
       coalesce(g."precision", c.event_precision) AS "precision",
       coalesce(e.speaker, e.author, e.source) AS speaker, e.source, e.url, left(e.quote, 4000) AS quote,
       e.said_at, e.said_precision, coalesce(e.seen_at, c.first_seen_at) AS seen_at,
       g.state, g.void, left(g.reason, 2000) AS outcome, w.how, w.how_now,
       greatest(w.written_at, j.judged_at, e.seen_at) AS changed_at
FROM asked
JOIN claims AS c USING (claim_id)
JOIN wording AS w USING (claim_id)
LEFT JOIN judged AS j USING (claim_id)
LEFT JOIN goalposts AS g USING (claim_id)
LEFT JOIN evidence AS e
    ON e.claim_id = c.claim_id AND e.evidence_id = coalesce(g.evidence_id, c.first_evidence_ids[1]);

-- name: decided
-- How often editors decided something or took it back.
SELECT count(*) + count(undone_at) AS decided FROM decisions;

-- name: published_at
SELECT value FROM meta WHERE key = 'published_at';
