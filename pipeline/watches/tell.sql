-- name: edits
-- The edits that a revisit stored, as they will be published.
SELECT e.* FROM edits AS e JOIN store.versions AS v USING (version_id) WHERE v.run_id = $run_id;

-- name: deletions
SELECT d.* FROM documents AS d JOIN store.documents AS s USING (document_id) WHERE s.gone_run_id = $run_id;
