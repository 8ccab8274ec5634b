-- name: runs
-- There may be ninety revisits a day: only those in which something failed.
SELECT run_id, command, started_at, finished_at, outcome, documents, mentions, claims, issues
FROM runs WHERE command <> 'revisit' OR outcome <> 'ok' ORDER BY started_at DESC, run_id DESC LIMIT 8;

-- name: run
-- The run that published the copy.
SELECT value FROM meta WHERE key = 'run_id';

-- name: counts
SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM mentions) AS mentions,
       (SELECT count(*) FROM claims) AS claims, (SELECT count(*) FROM sources) AS sources;

-- name: statuses
SELECT status, count(*) AS claims FROM claims GROUP BY status ORDER BY claims DESC;

-- name: ailing
SELECT source, nights_failed, last_ok_at, newest_on, why
FROM source_health WHERE ailing OR stale ORDER BY nights_failed DESC, source, feed;

-- name: issues
-- The issues of the last run that found any.
SELECT severity, stage, code, coalesce(source, '') AS source, count(*) AS times, min(place) AS place,
       min(message) AS message
FROM issues
WHERE run_id = (SELECT max_by(run_id, started_at) FROM runs WHERE issues > 0)
GROUP BY severity, stage, code, source ORDER BY severity, times DESC LIMIT 20;
