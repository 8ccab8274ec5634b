-- What editors and the machine had decided by $seen, as readers of claims and stories have it. Parts of other
-- statements.

-- name: stances
-- The stance that an editor had given to each mention.
SELECT target, arg_max(value, (number, decided_at, decision_id)) AS value FROM decisions
WHERE kind = 'stance' AND value IN ('supports', 'denies', 'questions', 'reports')
  AND decided_at < $seen AND (undone_at IS NULL OR undone_at >= $seen)
GROUP BY target

-- name: merged
-- Each claim that was part of another one, by an editor's merge or the machine's join, and that one.
SELECT target AS claim_id, value AS into_id FROM decisions
WHERE kind = 'merge' AND decided_at < $seen AND (undone_at IS NULL OR undone_at >= $seen)
UNION ALL
SELECT joined_id, into_id FROM joins
WHERE joined_at < $seen AND (parted_at IS NULL OR parted_at >= $seen)

-- name: moved
-- The mentions that an editor had put elsewhere.
SELECT target FROM decisions
WHERE kind IN ('move', 'split') AND decided_at < $seen AND (undone_at IS NULL OR undone_at >= $seen)

-- name: traced
-- Whether evidence `e` had been traced to a voice that was heard by then (`w`), at an origin seen then (`o`).
SELECT e.voice IS NOT NULL AND coalesce(o.seen_at < $seen, true)
  AND coalesce(w.heard_at < $seen, true) AS traced
