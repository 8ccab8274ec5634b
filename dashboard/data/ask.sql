-- name: columns
SELECT table_name AS view, column_name AS name, data_type AS type
FROM duckdb_columns() WHERE database_name = 'published' ORDER BY table_name, column_index
