-- name: todo
-- The versions after the first that were not compared with the one before.
SELECT v.version_id
FROM store.versions AS v
ANTI JOIN store.edits AS e ON e.version_id = v.version_id
WHERE v.number > 1
ORDER BY v.document_id, v.number;

-- name: pairs
SELECT v.version_id, b.title AS before_title, b.text AS before_text, v.title, v.text
FROM store.versions AS v
JOIN store.versions AS b ON b.document_id = v.document_id AND b.number = v.number - 1
WHERE v.version_id IN (SELECT unnest($versions))
ORDER BY v.document_id, v.number;

-- name: documents
-- Of the published copy: the documents that are meant.
SELECT document_id, url, source, title FROM documents WHERE document_id = $given OR url = $url
ORDER BY seen_at, document_id;

-- name: history
-- Of the published copy: the versions of a document, and how each differs from the one before.
SELECT v.number, v.title, v.text, v.unchanged_at, v.seen_at, e.change, e.noted, e.removed, e.added
FROM versions AS v
LEFT JOIN edits AS e ON e.version_id = v.version_id
WHERE v.document_id = $document_id
ORDER BY v.number;
