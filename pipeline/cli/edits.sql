-- name: documents
-- The documents that are meant.
SELECT document_id, url, source, title
FROM documents
WHERE url = $url
   OR document_id IN (SELECT document_id FROM addresses WHERE address IN ($given, $url, $page))
ORDER BY seen_at, document_id;

-- name: versions
-- The versions of a document, and how each differs from the one before.
SELECT v.number, v.title, v.headline, v.text, v.read_anew, v.unchanged_at, v.seen_at, e.change, e.noted,
       e.removed, e.added
FROM versions AS v
LEFT JOIN edits AS e ON e.version_id = v.version_id
WHERE v.document_id = $document_id
ORDER BY v.number;
