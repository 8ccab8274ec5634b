-- name: health
-- When each source was last read, those that could not be read for longest first.
SELECT feed, source, outcome, last_ok_at, ailing, count(*) OVER () AS total,
       count(*) FILTER (outcome = 'ok') OVER () AS well
FROM source_health
ORDER BY last_ok_at NULLS FIRST, source, feed LIMIT $limit;

-- name: rules
SELECT rule, status, holds_when, would_change, version FROM rules ORDER BY number;

-- name: release_stages
SELECT rung, asked_for_by, shown_by FROM release_stages ORDER BY number;
