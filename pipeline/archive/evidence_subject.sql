-- name: documents
SELECT document_id, url, platform, source, author, author_name, title, published_at, published_precision,
       published_from, seen_at, gone_at, gone_after, gone_evidence
FROM documents WHERE document_id IN (SELECT document_id FROM addresses WHERE list_contains($ids, address))
ORDER BY published_at NULLS LAST, seen_at, document_id;

-- name: versions
SELECT v.document_id, version_id, number, v.title, v.headline, text, unchanged_at, v.seen_at, text_sha256,
       sha256, warc
FROM versions AS v
JOIN documents AS d USING (document_id)
WHERE document_id IN (SELECT document_id FROM addresses WHERE list_contains($ids, address))
ORDER BY d.published_at NULLS LAST, d.seen_at, document_id, number;
