-- name: document
SELECT document_id, url, platform, source, author, author_name, title, published_at, published_precision,
       published_from, seen_at, gone_at, gone_after, gone_evidence
FROM documents WHERE document_id = $document_id;

-- name: versions
SELECT version_id, number, title, text, unchanged_at, seen_at, text_sha256, sha256, warc
FROM versions WHERE document_id = $document_id ORDER BY number;
