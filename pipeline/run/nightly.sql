-- name: interrupted
UPDATE store.runs SET outcome = 'interrupted', message = 'the process ended before the run did'
WHERE outcome = 'running' RETURNING run_id;

-- name: ids
SELECT run_id FROM store.runs WHERE run_id LIKE $prefix || '%';
