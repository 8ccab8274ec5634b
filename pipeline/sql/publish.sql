-- name: views
-- In the order in which they were laid: a view comes after those that it reads.
SELECT view_name FROM duckdb_views()
WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal ORDER BY view_oid;

-- name: journal_head
SELECT number, sha256 FROM store.decisions WHERE number > 0 ORDER BY number DESC LIMIT 1;

-- name: models
-- The model of each part that read, compared or weighed last, as far as there was anything to do.
SELECT 'language_model' AS part, arg_max(model, (seen_at, mention_id)) AS model FROM store.mentions HAVING model IS NOT NULL
UNION ALL
SELECT 'embedding_model', arg_max(v.model, (m.seen_at, m.mention_id)) AS model
FROM store.vectors AS v JOIN store.mentions AS m USING (mention_id) HAVING model IS NOT NULL
UNION ALL
SELECT 'stance_model', arg_max(model, (weighed_at, evidence_id)) AS model FROM store.evidence HAVING model IS NOT NULL;
