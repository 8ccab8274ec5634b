-- name: moves
-- What this run's judgement changed: claims that moved, then new ones, those most worth a check first.
SELECT g.claim_id, c.claim, c.kind, g.status_before AS before, g.status, g.reason, g.voices
FROM changes AS g
JOIN step.shown AS c USING (claim_id)
LEFT JOIN store.checkworthy AS w USING (claim_id)
WHERE g.run_id = $run_id
ORDER BY g.status_before IS NULL, w.checkworthy DESC NULLS LAST, g.voices DESC, g.claim_id;

-- name: edits
-- Those of this run, and those that revisits stored since the run before it.
SELECT d.document_id, d.url, coalesce(d.title, left(v.text, 80)) AS title, s.name AS source, v.number,
       v.unchanged_at, v.seen_at
FROM store.versions AS v
JOIN store.documents AS d USING (document_id)
JOIN store.sources AS s USING (source_id)
LEFT JOIN store.edits AS e USING (version_id)
WHERE v.number > 1 AND v.read_anew IS NULL AND e.change IS DISTINCT FROM 'trivial'
  AND v.run_id IN (SELECT run_id FROM step.tidings WHERE told_by = $run_id)
ORDER BY v.seen_at, d.document_id;

-- name: gone
SELECT d.document_id, d.url, coalesce(d.title, left(t.text, 80)) AS title, s.name AS source, d.gone_after,
       d.gone_at, d.gone_evidence
FROM store.documents AS d
JOIN store.sources AS s USING (source_id)
JOIN (SELECT document_id, arg_max(text, number) AS text FROM store.versions GROUP BY document_id) AS t
  USING (document_id)
WHERE d.gone_run_id IN (SELECT run_id FROM step.tidings WHERE told_by = $run_id)
ORDER BY d.document_id;

-- name: crawls
SELECT c.feed, coalesce(s.name, c.feed) AS source, c.outcome, c.documents, c.message
FROM store.crawls AS c
LEFT JOIN store.sources AS s ON s.source_id = c.feed
WHERE c.run_id = $run_id AND c.outcome <> 'ok'
ORDER BY c.feed;

-- name: ailing
SELECT source, nights_failed, last_ok_at, why, ailing
FROM source_health WHERE ailing OR stale ORDER BY nights_failed DESC, source, feed;

-- name: issues
SELECT severity, code, count(*) AS times, min(message) AS message
FROM store.issues WHERE run_id = $run_id
GROUP BY severity, code ORDER BY severity, code;
