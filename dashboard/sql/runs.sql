-- name: runs
-- Revisits, up to ninety a day, are no nights: what they found is shown with the run after them.
SELECT run_id, command, started_at, finished_at, outcome, message, documents, mentions, claims, issues
FROM runs WHERE command <> 'revisit' ORDER BY started_at DESC, run_id DESC LIMIT $limit;

-- name: moves
SELECT g.claim_id, c.claim, c.kind, g.status_before, g.status, g.voices, g.reason, g.moved_at, count(*) OVER () AS total
FROM changes AS g JOIN claims AS c USING (claim_id)
WHERE g.run_id = $run_id AND (g.status_before IS NULL) = $new::BOOLEAN
ORDER BY g.voices DESC, g.moved_at DESC NULLS LAST, g.claim_id
LIMIT $limit;

-- name: edits
-- Texts that changed, and documents that went, between the beginning of this run (or of the first revisit since the run
-- before it) and that of the next run or revisit.
WITH span AS (
    SELECT coalesce((
               SELECT min(v.started_at) FROM runs AS v
               WHERE v.command = 'revisit' AND v.started_at < r.started_at AND NOT EXISTS (
                   SELECT 1 FROM runs AS b
                   WHERE b.command <> 'revisit' AND b.started_at > v.started_at AND b.started_at < r.started_at
               )
           ), r.started_at) AS "from",
           coalesce((SELECT min(n.started_at) FROM runs AS n WHERE n.started_at > r.started_at), TIMESTAMP '9999-12-31') AS upto
    FROM runs AS r WHERE run_id = $run_id
)
SELECT 'edited' AS event, d.url, d.source, d.title, v.number, v.unchanged_at AS after_at, v.seen_at AS "at", NULL AS words
FROM edits AS v JOIN documents AS d USING (document_id), span
WHERE v.change IS DISTINCT FROM 'trivial' AND v.seen_at >= span."from" AND v.seen_at < span.upto
UNION ALL
SELECT 'gone', d.url, d.source, d.title, NULL, d.gone_after, d.gone_at, d.gone_evidence
FROM documents AS d, span
WHERE d.gone_at >= span."from" AND d.gone_at < span.upto
ORDER BY event, "at" DESC, url LIMIT $limit;

-- name: crawls
SELECT coalesce(source, feed) AS source, feed, outcome, documents, requests, message
FROM crawls WHERE run_id = $run_id
ORDER BY CASE outcome WHEN 'failed' THEN 0 WHEN 'partial' THEN 1 WHEN 'off' THEN 2 ELSE 3 END, source, feed;

-- name: ailing
SELECT source, feed, nights_failed, last_ok_at, why FROM source_health
WHERE ailing ORDER BY nights_failed DESC, source, feed LIMIT $limit;

-- name: issues
SELECT severity, code, stage, count(*) AS times, count(DISTINCT source_id) AS sources, min(message) AS message, min(place) AS place
FROM issues WHERE run_id = $run_id
GROUP BY severity, code, stage
ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, times DESC, code
LIMIT $limit;

-- name: stages
SELECT stage, inputs, done, skipped, failed, seconds FROM stages WHERE run_id = $run_id;
