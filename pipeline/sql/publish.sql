-- name: views
-- In the order in which they were laid: a view comes after those that it reads.
SELECT view_name FROM duckdb_views()
WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal ORDER BY view_oid;

-- name: journal_head
SELECT number, sha256 FROM store.decisions WHERE number > 0 ORDER BY number DESC LIMIT 1;
