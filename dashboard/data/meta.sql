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
SELECT started_at, message FROM runs WHERE command = 'nightly' ORDER BY started_at DESC LIMIT 1;
