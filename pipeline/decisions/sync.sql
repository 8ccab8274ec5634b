-- name: decisions
SELECT * FROM store.decisions ORDER BY number, decided_at, decision_id;

-- name: clear_decisions
DELETE FROM store.decisions;
