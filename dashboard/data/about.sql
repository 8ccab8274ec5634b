-- name: health
-- When each source was last read, those that could not be read for longest first.
SELECT feed, source, outcome, last_ok_at, ailing, count(*) OVER () AS total,
       count(*) FILTER (outcome = 'ok') OVER () AS well
FROM source_health
ORDER BY last_ok_at NULLS FIRST, source, feed LIMIT $limit;
