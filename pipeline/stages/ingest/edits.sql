-- name: todo
-- The versions after the first that were not compared with the one before, and may be an edit of it.
SELECT v.version_id
FROM store.versions AS v
ANTI JOIN store.edits AS e ON e.version_id = v.version_id
WHERE v.number > 1 AND v.read_anew IS NULL
ORDER BY v.document_id, v.number;

-- name: pairs
SELECT v.version_id, b.title AS before_title, b.text AS before_text, b.headline AS before_headline,
       v.title, v.text, v.headline
FROM store.versions AS v
JOIN store.versions AS b ON b.document_id = v.document_id AND b.number = v.number - 1
WHERE v.version_id IN (SELECT unnest($versions))
ORDER BY v.document_id, v.number;
