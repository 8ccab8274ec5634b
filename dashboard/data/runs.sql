-- name: runs
-- Revisits, up to ninety a day, are no nights: what they found is shown with the run after them.
SELECT run_id, command, started_at, finished_at, outcome, message, documents, mentions, issues
FROM runs WHERE command <> 'revisit' ORDER BY started_at DESC, run_id DESC LIMIT $limit;

-- name: bars
-- The newest nights as the chart shows them.
SELECT run_id, started_at, finished_at, outcome FROM runs WHERE command <> 'revisit'
ORDER BY started_at DESC, run_id DESC LIMIT $limit;

-- name: revisits
-- The revisits since a night: how many there were, and which of them did not end well.
SELECT count(*) AS revisits, count(*) FILTER (outcome NOT IN ('ok', 'running')) AS faulty
FROM runs WHERE command = 'revisit' AND started_at >= $since;

-- name: page
-- One page of the list of runs; nights and revisits are told apart, $which is either, or 'all'.
WITH page AS (
    SELECT *, count(*) OVER () AS total FROM runs
    WHERE $which::VARCHAR = 'all' OR (command = 'revisit') = ($which::VARCHAR = 'revisits')
    ORDER BY started_at DESC, run_id DESC LIMIT $limit OFFSET $offset
), moved AS (
    SELECT g.run_id, count(*) FILTER (g.status_before IS NOT NULL) AS moved
    FROM changes AS g SEMI JOIN page USING (run_id) GROUP BY g.run_id
), read AS (
    SELECT c.run_id, count(DISTINCT c.feed) AS sources,
           count(DISTINCT c.feed) FILTER (c.outcome IN ('failed', 'partial')) AS unread
    FROM crawls AS c SEMI JOIN page USING (run_id) GROUP BY c.run_id
)
SELECT p.run_id, p.command, p.started_at, p.finished_at, p.outcome, p.documents, p.mentions, p.claims,
       p.issues,
       coalesce(m.moved, 0) AS moved, coalesce(r.sources, 0) AS sources, coalesce(r.unread, 0) AS unread,
       p.total
FROM page AS p LEFT JOIN moved AS m USING (run_id) LEFT JOIN read AS r USING (run_id)
ORDER BY p.started_at DESC, p.run_id DESC;

-- name: run
SELECT run_id, command, started_at, finished_at, outcome, message, documents, mentions, issues FROM runs
WHERE run_id = $run_id;

-- name: beside
-- The run before and the run after a run, of its kind: a night's neighbours are nights.
SELECT max_by(n.run_id, n.started_at) FILTER (n.started_at < r.started_at) AS before,
       min_by(n.run_id, n.started_at) FILTER (n.started_at > r.started_at) AS after
FROM runs AS r JOIN runs AS n ON (n.command = 'revisit') = (r.command = 'revisit')
WHERE r.run_id = $run_id;

-- name: moves
SELECT g.claim_id, c.claim, c.kind, g.status_before, g.status, g.voices, g.reason, count(*) OVER () AS total
FROM changes AS g JOIN claims AS c USING (claim_id)
WHERE g.run_id = $run_id AND (g.status_before IS NULL) = $new::BOOLEAN
ORDER BY g.voices DESC, g.moved_at DESC NULLS LAST, g.claim_id
LIMIT $limit;

-- name: edits
-- Texts that changed, and documents that went, between the beginning of this run (of a night: or of the
-- first revisit since the night before it) and that of the next run or revisit.
WITH run AS (
    SELECT started_at, command = 'revisit' AS revisit FROM runs WHERE run_id = $run_id
), night AS (
    SELECT max(n.started_at) AS before FROM runs AS n, run
    WHERE n.command <> 'revisit' AND n.started_at < run.started_at
), span AS (
    SELECT coalesce(
               min(n.started_at) FILTER (NOT run.revisit AND n.command = 'revisit'
                                         AND n.started_at < run.started_at
                                         AND (night.before IS NULL OR n.started_at > night.before)),
               any_value(run.started_at)) AS "from",
           coalesce(min(n.started_at) FILTER (n.started_at > run.started_at), TIMESTAMP '9999-12-31') AS upto
    FROM runs AS n, run, night
)
SELECT 'edited' AS event, d.url, d.source, d.title, v.number, v.unchanged_at AS after_at, v.seen_at AS "at",
       NULL AS words
FROM edits AS v JOIN documents AS d USING (document_id), span
WHERE v.change IS DISTINCT FROM 'trivial' AND v.seen_at >= span."from" AND v.seen_at < span.upto
UNION ALL
SELECT 'gone', d.url, d.source, d.title, NULL, d.gone_after, d.gone_at, d.gone_evidence
FROM documents AS d, span
WHERE d.gone_at >= span."from" AND d.gone_at < span.upto
ORDER BY event, "at" DESC, url LIMIT $limit;

-- name: crawls
SELECT coalesce(source, feed) AS source, feed, outcome, documents, requests, message, listed, usual,
       epoch(finished_at - started_at) AS seconds
FROM crawls WHERE run_id = $run_id
ORDER BY CASE outcome WHEN 'failed' THEN 0 WHEN 'partial' THEN 1 WHEN 'off' THEN 2 ELSE 3 END, source, feed;

-- name: ailing
-- All that are ailing or stale, or the one that is `feed`, if it is.
SELECT source, feed, ailing, stale, nights_failed, last_ok_at, why FROM source_health
WHERE (ailing OR stale) AND $feed::VARCHAR IN ('', feed)
ORDER BY nights_failed DESC, source, feed LIMIT $limit;

-- name: silences
-- What a run could not read, and since when; without a run, what cannot be read now.
SELECT source, feed, kind, since, until, nights, message FROM silences
WHERE CASE WHEN $run_id::VARCHAR IS NULL THEN until IS NULL ELSE run_id = $run_id END
QUALIFY row_number() OVER (PARTITION BY feed, kind ORDER BY nights DESC) = 1
ORDER BY kind = 'off', nights DESC, source, feed, kind LIMIT $limit;

-- name: issues
SELECT severity, code, stage, count(*) AS times, min(message) AS message, min(place) AS place
FROM issues WHERE run_id = $run_id
GROUP BY severity, code, stage
ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, times DESC, code
LIMIT $limit;

-- name: stages
-- In the order in which they run.
SELECT stage, inputs, done, skipped, failed, seconds FROM stages WHERE run_id = $run_id
ORDER BY list_position(
             ['ingest', 'extract', 'found', 'cluster', 'gather', 'weigh', 'trace', 'judge', 'second_read',
              'track', 'publish'], stage),
         stage;
