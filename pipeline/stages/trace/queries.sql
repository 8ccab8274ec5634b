-- name: unsigned
-- The newest version of each document, where this method has not signed it.
SELECT v.version_id
FROM store.versions AS v
JOIN (SELECT document_id, max(number) AS number FROM store.versions GROUP BY document_id) AS n
    USING (document_id, number)
ANTI JOIN (SELECT version_id FROM store.signatures WHERE model = $model) AS s USING (version_id)
ORDER BY v.document_id;

-- name: texts
SELECT document_id, version_id, title, text FROM store.versions WHERE version_id IN (SELECT unnest($versions))
ORDER BY document_id;

-- name: ungrouped
-- The sources whose publisher group was not looked up in these data, under the address that they have now.
SELECT s.source_id, s.platform, s.url, concat_ws(' ', $data, s.url) AS data
FROM store.sources AS s
LEFT JOIN store.houses AS h USING (source_id)
WHERE h.data IS DISTINCT FROM concat_ws(' ', $data, s.url)
ORDER BY s.source_id;

-- name: untrace_groups
-- All documents of these sources and of the others of their groups.
DELETE FROM store.traced
WHERE document_id IN (
    SELECT d.document_id
    FROM store.documents AS d
    JOIN store.houses AS h USING (source_id)
    WHERE h.source_id IN (SELECT unnest($sources)) OR h.house IN (SELECT unnest($groups))
);

-- name: untrace
DELETE FROM store.traced WHERE document_id IN (SELECT unnest($documents));

-- name: copies
-- Of the documents that share a band with a newly signed one, those whose texts are nearly the same: their
-- shingles resemble each other (Jaccard index, estimated by the MinHash), or the shorter text's are mostly in
-- the longer one.
WITH fresh AS (
    SELECT document_id, unnest(bands) AS band FROM store.signatures
    WHERE document_id IN (SELECT unnest($documents))
), shelf AS (
    SELECT document_id, band
    FROM (SELECT document_id, unnest(bands) AS band FROM store.signatures WHERE model = $model)
    WHERE band IN (SELECT band FROM fresh)
    QUALIFY row_number() OVER (PARTITION BY band ORDER BY document_id) <= $bucket
), pairs AS (
    SELECT DISTINCT least(f.document_id, s.document_id) AS document_id,
           greatest(f.document_id, s.document_id) AS other_id
    FROM fresh AS f
    JOIN shelf AS s ON s.band = f.band AND s.document_id <> f.document_id
), measured AS (
    SELECT p.document_id, p.other_id, a.shingles AS one, b.shingles AS other,
           len(list_filter(list_zip(a.minhash, b.minhash),
                           lambda x: x[1] = x[2])) / $permutations AS resemblance
    FROM pairs AS p
    JOIN store.signatures AS a ON a.document_id = p.document_id
    JOIN store.signatures AS b ON b.document_id = p.other_id
)
SELECT document_id, other_id, resemblance
FROM measured
WHERE resemblance >= $resemblance
   OR (resemblance >= $loosest
       AND resemblance / (1 + resemblance) * (one + other) / least(one, other) >= $containment)
ORDER BY document_id, other_id;

-- name: pointers
-- What documents point to by themselves, and what they nearly repeat, as far as no edge says so yet. Nothing
-- follows what is known to be younger. A near-duplicate has a direction only where both times are known and
-- apart.
WITH span AS (
    SELECT document_id, greatest(step.begins(published_at, published_precision), not_before) AS earliest,
           step.ends(published_at, published_precision) AS latest
    FROM store.documents
), found AS (
    SELECT l.document_id, p.document_id AS origin_document_id, l.kind, 1.0 AS similarity,
           coalesce(nullif(trim(l.words), ''), l.url) AS words
    FROM store.links AS l
    JOIN addresses AS p ON p.address = l.url
    UNION ALL
    SELECT d.document_id, p.document_id, 'reply', 1.0, d.in_reply_to
    FROM store.documents AS d
    JOIN addresses AS p ON p.address = d.in_reply_to
    WHERE NOT EXISTS (SELECT 1 FROM store.links AS l WHERE l.document_id = d.document_id
                      AND l.url = d.in_reply_to AND l.kind = 'reply')
    UNION ALL
    SELECT CASE WHEN a.latest <= b.earliest THEN c.other_id ELSE c.document_id END,
           CASE WHEN a.latest <= b.earliest THEN c.document_id ELSE c.other_id END,
           'near_duplicate', c.similarity, NULL
    FROM store.copies AS c
    JOIN span AS a ON a.document_id = c.document_id
    JOIN span AS b ON b.document_id = c.other_id
    WHERE a.latest <= b.earliest OR b.latest <= a.earliest
)
SELECT f.document_id, f.origin_document_id, f.kind, max(f.similarity) AS similarity, min(f.words) AS words
FROM found AS f
JOIN span AS d ON d.document_id = f.document_id
JOIN span AS o ON o.document_id = f.origin_document_id
WHERE f.document_id <> f.origin_document_id
  AND (d.latest > o.earliest) IS NOT FALSE
  AND NOT EXISTS (
      SELECT 1 FROM store.edges AS e
      WHERE e.document_id = f.document_id AND e.origin_document_id = f.origin_document_id AND e.kind = f.kind
  )
GROUP BY f.document_id, f.origin_document_id, f.kind
ORDER BY f.document_id, f.origin_document_id, f.kind;

-- name: fresh
SELECT document_id FROM store.documents ANTI JOIN store.traced USING (document_id) ORDER BY document_id;

-- name: todo
-- The claims whose origins may have changed: with a document from which a fresh one can be reached, with a
-- member that has no origin, or with an origin that is no member any more.
WITH RECURSIVE ways AS MATERIALIZED (
    SELECT document_id, origin_document_id FROM store.edges
    WHERE kind NOT IN ('attribution', 'same_speaker', 'quotation')
    UNION
    SELECT document_id, other_id FROM store.copies
    UNION
    SELECT other_id, document_id FROM store.copies
), reach AS (
    SELECT document_id FROM store.documents ANTI JOIN store.traced USING (document_id)
    UNION
    SELECT w.document_id FROM ways AS w JOIN reach AS r ON r.document_id = w.origin_document_id
)
SELECT m.claim_id FROM store.members AS m JOIN store.mentions USING (mention_id) JOIN reach
    USING (document_id)
UNION
SELECT claim_id FROM store.members ANTI JOIN store.origins USING (claim_id, mention_id)
UNION
SELECT claim_id FROM store.origins ANTI JOIN store.members USING (claim_id, mention_id)
ORDER BY claim_id;

-- name: statements
-- The members of the claims, as tracing reads them.
SELECT b.claim_id, m.mention_id, m.document_id, m.part, m.start_char, m.quote, m.negated, m.certainty,
       m.speaker, m.speaker_role, step.parent(m.speaker_organisation) AS speaker_organisation, m.by_author,
       m.attributed_to, c.organisations
FROM store.members AS b
JOIN store.claims AS c USING (claim_id)
JOIN store.mentions AS m USING (mention_id)
WHERE b.claim_id IN (SELECT unnest($claims))
ORDER BY b.claim_id, m.mention_id;

-- name: ways
-- Where the documents lead by one step; copies lead in both directions. Of one that leads to more than $most
-- others the ways beyond that are `surplus`, and only those to documents that speak of a claim are read.
SELECT document_id, origin_document_id, kind, words, surplus
FROM (
    SELECT document_id, origin_document_id, kind, min(words) AS words,
           dense_rank() OVER (PARTITION BY document_id ORDER BY origin_document_id) > $most AS surplus
    FROM (
        SELECT document_id, origin_document_id, kind, words FROM store.edges
        WHERE kind NOT IN ('attribution', 'same_speaker', 'quotation', 'near_duplicate')
        UNION ALL
        SELECT document_id, other_id, 'near_duplicate', NULL FROM store.copies
        UNION ALL
        SELECT other_id, document_id, 'near_duplicate', NULL FROM store.copies
    )
    WHERE document_id IN (SELECT unnest($documents))
    GROUP BY document_id, origin_document_id, kind
)
WHERE NOT surplus OR origin_document_id IN (SELECT unnest($speaking))
ORDER BY document_id, origin_document_id, kind;

-- name: posts
SELECT d.document_id, d.platform, d.source_id, s.name AS source_name, s.role AS source_role,
       step.parent(s.organisation) AS organisation, d.author, d.author_name, d.published_at,
       d.published_precision, d.not_before, d.artefact, h.name AS group_name,
       -- Many feeds of one outlet are the voice of the one whose id comes first.
       CASE WHEN starts_with(h.house, 'outlet:') THEN 'source:'
           || (SELECT min(o.source_id) FROM store.houses AS o WHERE o.house = h.house)
            ELSE h.house END AS "group"
FROM store.documents AS d
JOIN store.sources AS s USING (source_id)
LEFT JOIN store.houses AS h USING (source_id)
WHERE d.document_id IN (SELECT unnest($documents))
ORDER BY d.document_id;

-- name: ends
-- The first and last characters of what outlets first published, where an agency's mark may stand.
SELECT v.document_id, left(v.text, $head) AS head, right(v.text, $tail) AS tail
FROM store.versions AS v
JOIN store.documents AS d USING (document_id)
WHERE v.number = 1 AND d.platform IN (SELECT unnest($platforms))
    AND v.document_id IN (SELECT unnest($documents))
ORDER BY v.document_id;

-- name: wordings
-- All versions of documents, in which verbatim quotations are looked for.
SELECT document_id, list(left(concat_ws(chr(10), title, text), $longest) ORDER BY number) AS texts
FROM store.versions
WHERE document_id IN (SELECT unnest($documents))
GROUP BY document_id
ORDER BY document_id;

-- name: phrases
-- The words that follow "according to" and its like in a document's versions.
SELECT document_id, list_distinct(flatten(list(regexp_extract_all(text, $pattern)))) AS phrases
FROM store.versions
WHERE document_id IN (SELECT unnest($documents)) AND regexp_matches(text, $pattern)
GROUP BY document_id
ORDER BY document_id;

-- name: reports
-- The newest texts of what outlets publish, in which they may credit others.
SELECT v.document_id, left(v.text, $longest)
FROM store.versions AS v
JOIN store.documents AS d USING (document_id)
WHERE v.document_id IN (SELECT unnest($documents)) AND d.platform IN (SELECT unnest($platforms))
QUALIFY row_number() OVER (PARTITION BY v.document_id ORDER BY v.number DESC) = 1
ORDER BY v.document_id;

-- name: credited
-- Sentences of the same that pass on what somebody else reports, with the words for whom.
SELECT v.document_id, s.start_char, s.attributed_to
FROM store.speech AS s
JOIN store.versions AS v USING (version_id)
JOIN store.documents AS d USING (document_id)
WHERE v.document_id IN (SELECT unnest($documents)) AND d.platform IN (SELECT unnest($platforms))
    AND s.part = 'text' AND s.certainty = 'reported' AND s.attributed_to IS NOT NULL
    AND s.start_char < $longest
ORDER BY v.document_id, s.start_char;

-- name: forget_origins
DELETE FROM store.origins WHERE claim_id IN (SELECT unnest($claims));

-- name: quotations
-- The verbatim quotations that stand from before: those that another origin took the place of go.
SELECT edge_id, document_id, origin_document_id FROM store.edges
WHERE kind = 'quotation' AND document_id IN (SELECT unnest($documents));

-- name: named
-- The voice behind these documents is stored by now: what only named it goes.
DELETE FROM store.edges WHERE edge_id IN (SELECT unnest($edges));
