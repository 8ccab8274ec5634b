-- name: finish
UPDATE store.runs SET finished_at = $finished_at, outcome = $outcome, message = $message
WHERE run_id = $run_id;

-- name: record
INSERT OR REPLACE INTO store.stage_runs BY NAME
SELECT $run_id AS run_id, $stage AS stage, $inputs AS inputs, $done AS done, $skipped AS skipped,
       $failed AS failed, $seconds AS seconds, $detail AS detail;

-- name: failed_crawls
SELECT feed, outcome, message FROM store.crawls
WHERE run_id = $run_id AND outcome IN ('failed', 'partial') ORDER BY feed;

-- name: errors
SELECT count(*) FROM store.issues WHERE run_id = $run_id AND severity = 'error';
