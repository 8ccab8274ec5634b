-- name: moves
-- What this run's judgement changed: the last step of each claim judged now, beside the last step known before.
WITH now_judged AS (
    SELECT * FROM store.verdicts WHERE run_id = $run_id
    QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY judged_at DESC, step DESC) = 1
), before AS (
    SELECT v.claim_id, v.status
    FROM store.verdicts AS v
    JOIN now_judged AS n ON n.claim_id = v.claim_id AND v.judged_at < n.judged_at
    QUALIFY row_number() OVER (PARTITION BY v.claim_id ORDER BY v.judged_at DESC, v.step DESC) = 1
)
SELECT n.claim_id, c.claim, c.kind, b.status AS before, n.status AS status, n.reason, n.voices
FROM now_judged AS n
JOIN step.shown AS c USING (claim_id)
LEFT JOIN before AS b USING (claim_id)
WHERE b.status IS DISTINCT FROM n.status
ORDER BY b.status IS NULL, n.voices DESC, n.claim_id;

-- name: edits
SELECT d.document_id, d.url, coalesce(d.title, left(v.text, 80)) AS title, s.name AS source, v.number, v.unchanged_at, v.seen_at
FROM store.versions AS v
JOIN store.documents AS d USING (document_id)
JOIN store.sources AS s USING (source_id)
WHERE v.run_id = $run_id AND v.number > 1
ORDER BY v.seen_at, d.document_id;

-- name: gone
SELECT d.document_id, d.url, coalesce(d.title, left(t.text, 80)) AS title, s.name AS source, d.gone_after, d.gone_at, d.gone_evidence
FROM store.documents AS d
JOIN store.sources AS s USING (source_id)
JOIN (SELECT document_id, arg_max(text, number) AS text FROM store.versions GROUP BY document_id) AS t USING (document_id)
WHERE d.gone_at = $now
ORDER BY d.document_id;

-- name: crawls
SELECT c.feed, coalesce(s.name, c.feed) AS source, c.outcome, c.documents, c.message
FROM store.crawls AS c
LEFT JOIN store.sources AS s ON s.source_id = c.feed
WHERE c.run_id = $run_id AND c.outcome <> 'ok'
ORDER BY c.feed;

-- name: issues
SELECT severity, code, count(*) AS times, min(message) AS message
FROM store.issues WHERE run_id = $run_id
GROUP BY severity, code ORDER BY severity, code;
