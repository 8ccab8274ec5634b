-- name: todo
-- The versions that no extract has read, oldest first. A trivial edit says nothing new, though its letters
-- may differ.
SELECT v.version_id, length(v.text)
FROM store.versions AS v
JOIN store.documents AS d USING (document_id)
ANTI JOIN store.extracted AS x ON x.version_id = v.version_id
ANTI JOIN store.edits AS e ON e.version_id = v.version_id AND e.change = 'trivial'
ORDER BY coalesce(d.published_at, d.seen_at), v.document_id, v.number;

-- name: versions
SELECT v.version_id, v.document_id, v.number, v.title, v.text, v.seen_at, d.url, d.platform, d.author,
       d.author_name, d.published_at, d.published_precision, d.language, d.in_reply_to,
       CASE WHEN v.number = 1 OR v.read_anew = 'fuller'
            THEN step.said_at(d.published_at, d.published_precision, v.seen_at) END
           AS said_at, s.name AS source_name,
       s.role AS source_role, s.organisation AS source_organisation, s.source_id
FROM store.versions AS v
JOIN store.documents AS d USING (document_id)
JOIN store.sources AS s USING (source_id)
WHERE v.version_id IN (SELECT unnest($versions))
ORDER BY coalesce(d.published_at, d.seen_at), v.document_id, v.number;

-- name: parents
-- The newest text of the document that each of these documents answers.
SELECT a.document_id, arg_max(concat_ws('. ', v.title, v.text), v.number) AS text
FROM step.answers AS a
JOIN store.versions AS v ON v.document_id = a.answered_id
WHERE a.document_id IN (SELECT unnest($documents))
GROUP BY a.document_id;

-- name: quotes
-- What earlier versions of these documents were found to say: a sentence that stays is one mention.
SELECT DISTINCT document_id, part, quote FROM store.mentions WHERE document_id IN (SELECT unnest($documents));

-- name: passage_quotes
-- The same of passages.
SELECT DISTINCT p.document_id, p.part,
       substr(CASE p.part WHEN 'title' THEN v.title ELSE v.text END, p.start_char + 1,
              p.end_char - p.start_char)
FROM store.passages AS p
JOIN store.versions AS v USING (version_id)
WHERE p.document_id IN (SELECT unnest($documents));

-- name: mark
-- The language of a document that came without one.
UPDATE store.documents AS d
SET language = f.language
FROM (
    SELECT document_id, min(language) AS language
    FROM (SELECT unnest($documents) AS document_id, unnest($languages) AS language)
    GROUP BY document_id
) AS f
WHERE d.document_id = f.document_id AND d.language IS NULL;

-- name: names
-- The names that mentions give, and those of who speaks and publishes, that this language model was not asked
-- yet.
SELECT name
FROM (
    SELECT unnest(entities) AS name FROM store.mentions
    UNION
    SELECT unnest(organisations) FROM store.mentions
    UNION
    SELECT speaker_organisation FROM store.mentions WHERE speaker_organisation IS NOT NULL
    UNION
    SELECT organisation FROM store.sources WHERE organisation IS NOT NULL
)
ANTI JOIN (FROM store.names WHERE model = $model) USING (name)
ORDER BY name;
