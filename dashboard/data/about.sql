-- name: health
-- When each source was last read, those that could not be read for longest first.
SELECT feed, source, outcome, last_ok_at, ailing, stale, count(*) OVER () AS total,
       count(*) FILTER (outcome = 'ok') OVER () AS well
FROM source_health
ORDER BY last_ok_at NULLS FIRST, source, feed LIMIT $limit;

-- name: rules
SELECT rule, status, holds_when, would_change, version FROM rules ORDER BY number;

-- name: release_stages
SELECT rung, asked_for_by, shown_by FROM release_stages ORDER BY number;

-- name: foundings
SELECT outcome, unit, amount, meaning FROM foundings ORDER BY number;

-- name: tables
-- Those of the tables that this page lists which the copy has: an older version published none of them.
SELECT table_name FROM information_schema.tables
WHERE table_name IN ('rules', 'release_stages', 'foundings');
