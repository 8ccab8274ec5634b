-- Makes one document of those in `united`, statement by statement. Versions, mentions and evidence keep their
-- ids, so that what editors decided about them holds; what is worked out from documents is worked out anew.

-- name: merged
CREATE OR REPLACE TEMP VIEW merged AS SELECT * FROM united WHERE earlier_id <> document_id;

-- name: versions
-- The texts of one address stand together, so that each is compared with the one before it; the first of
-- another address is no edit.
UPDATE store.versions AS v
SET document_id = t.document_id, number = t.number, read_anew = t.read_anew
FROM (
    SELECT o.version_id, u.document_id,
           row_number() OVER (PARTITION BY u.document_id ORDER BY u.place, o.number) AS number,
           CASE WHEN u.place > 1 AND o.number = 1 THEN 'reader' ELSE o.read_anew END AS read_anew
    FROM store.versions AS o
    JOIN united AS u ON u.earlier_id = o.document_id
) AS t
WHERE v.version_id = t.version_id;

-- name: documents
-- Its time is that of the first that knows one. It is gone where one was found deleted after all were seen.
UPDATE store.documents AS d
SET title = coalesce(t.title, d.title), score = coalesce(t.score, d.score), seen_at = t.seen_at,
    artefact = t.artefact, language = coalesce(d.language, t.language),
    in_reply_to = coalesce(d.in_reply_to, t.in_reply_to),
    published_at = t.dated.published_at, published_precision = t.dated.published_precision,
    published_from = t.dated.published_from,
    not_before = CASE WHEN t.dated.not_before <= t.seen_at THEN t.dated.not_before END,
    gone_at = t.gone.gone_at, gone_after = t.gone.gone_after, gone_evidence = t.gone.gone_evidence,
    gone_run_id = t.gone.gone_run_id
FROM (
    SELECT u.document_id, arg_max(o.title, u.place) AS title, arg_max(o.score, u.place) AS score,
           min(o.seen_at) AS seen_at, bool_or(o.artefact) AS artefact,
           arg_max(o.language, u.place) AS language, arg_max(o.in_reply_to, u.place) AS in_reply_to,
           arg_min(struct_pack(o.published_at, o.published_precision, o.published_from, o.not_before),
                   (o.published_at IS NULL, u.earlier_id <> u.document_id, u.place)) AS dated,
           arg_max(struct_pack(o.gone_at, o.gone_after, o.gone_evidence, o.gone_run_id), o.gone_at)
               FILTER (o.gone_at >= u.seen_last AND split_part(u.url, '/', 3) = split_part(k.url, '/', 3))
               AS gone
    FROM (SELECT *, max(last_seen_at) OVER (PARTITION BY document_id) AS seen_last FROM united) AS u
    JOIN store.documents AS o ON o.document_id = u.earlier_id
    JOIN store.documents AS k ON k.document_id = u.document_id
    GROUP BY u.document_id
) AS t
WHERE d.document_id = t.document_id;

-- name: sightings
INSERT OR REPLACE INTO store.sightings BY NAME
SELECT u.document_id, arg_max(s.last_seen_at, u.place) AS last_seen_at, arg_max(s.reader, u.place) AS reader,
       arg_max(coalesce(s.url, u.url), u.place) AS url
FROM store.sightings AS s
JOIN united AS u ON u.earlier_id = s.document_id
GROUP BY u.document_id;

-- name: links
INSERT OR IGNORE INTO store.links
SELECT u.document_id, l.url, l.kind, l.words
FROM store.links AS l
JOIN merged AS u ON u.earlier_id = l.document_id;

-- name: mentions
UPDATE store.mentions AS m SET document_id = u.document_id FROM merged AS u
WHERE u.earlier_id = m.document_id;

-- name: passages
UPDATE store.passages AS p SET document_id = u.document_id FROM merged AS u
WHERE u.earlier_id = p.document_id;

-- name: rungs
UPDATE store.rungs AS r SET document_id = u.document_id FROM merged AS u WHERE u.earlier_id = r.document_id;

-- name: rewordings
UPDATE store.rewordings AS r SET document_id = u.document_id FROM merged AS u
WHERE u.earlier_id = r.document_id;

-- name: copies
INSERT OR IGNORE INTO store.copies
SELECT least(one, other), greatest(one, other), max(similarity)
FROM (
    SELECT coalesce(a.document_id, c.document_id) AS one, coalesce(b.document_id, c.other_id) AS other,
           c.similarity
    FROM store.copies AS c
    LEFT JOIN merged AS a ON a.earlier_id = c.document_id
    LEFT JOIN merged AS b ON b.earlier_id = c.other_id
    WHERE a.document_id IS NOT NULL OR b.document_id IS NOT NULL
)
WHERE one <> other
GROUP BY ALL;

-- name: origins
-- Whose voice they are is sought again, and who took it from whom.
DELETE FROM store.origins
WHERE claim_id IN (
    SELECT o.claim_id
    FROM store.origins AS o
    JOIN store.mentions AS m USING (mention_id)
    WHERE m.document_id IN (SELECT document_id FROM united)
       OR o.origin_document_id IN (SELECT earlier_id FROM united)
);

-- name: edges
DELETE FROM store.edges
WHERE document_id IN (SELECT earlier_id FROM united)
   OR origin_document_id IN (SELECT earlier_id FROM united);

-- name: traced
DELETE FROM store.traced WHERE document_id IN (SELECT earlier_id FROM united);

-- name: signatures
DELETE FROM store.signatures WHERE document_id IN (SELECT earlier_id FROM united);

-- name: forget_copies
DELETE FROM store.copies
WHERE document_id IN (SELECT earlier_id FROM merged) OR other_id IN (SELECT earlier_id FROM merged);

-- name: forget_links
DELETE FROM store.links WHERE document_id IN (SELECT earlier_id FROM merged);

-- name: forget_sightings
DELETE FROM store.sightings WHERE document_id IN (SELECT earlier_id FROM merged);

-- name: earlier_ids
UPDATE store.earlier_ids AS e SET document_id = u.document_id FROM merged AS u
WHERE u.earlier_id = e.document_id;

-- name: forget_documents
DELETE FROM store.documents WHERE document_id IN (SELECT earlier_id FROM merged);
