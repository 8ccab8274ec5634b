-- name: meta
SELECT key, value FROM meta;

-- name: totals
SELECT (SELECT count(*) FROM claims) AS claims, (SELECT count(*) FROM evidence) AS evidence,
       (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM sources) AS sources,
       (SELECT min(published_at) FROM documents) AS oldest,
       (SELECT max(published_at) FROM documents) AS newest,
       (SELECT min(seen_at) FROM documents) AS since,
       (SELECT count(*) FROM documents WHERE published_at IS NULL) AS undated;

-- name: last_night
-- When the last night began, and what broke in the last night or in what caught up with it.
SELECT (SELECT max(started_at) FROM runs WHERE command = 'nightly') AS started_at,
       (SELECT arg_max(coalesce(message, ''), started_at) FROM runs
        WHERE command IN ('nightly', 'process')) AS message;
