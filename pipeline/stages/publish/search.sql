-- name: schema
CREATE SCHEMA fresh.search;

-- name: passages
-- A passage is what must hold all words of a search: a claim's own sentence with its names, or one of its
-- mentions. They are numbered in the order of the published claims, each claim's own sentence before its
-- mentions.
CREATE TABLE fresh.search.passages AS
SELECT claim_id, rowid::UINTEGER AS place,
       (rowid + sum(mentions) OVER (ORDER BY rowid) - mentions)::UINTEGER AS first
FROM fresh.main.claims ORDER BY rowid;

-- name: heard
-- Every word of every passage with its place. What is plain ASCII, but for typographic marks, is taken apart
-- here; the rest by the function that takes apart what is sought, which says the same
-- (tests/pipeline/test_search_index.py).
CREATE TEMP TABLE search_heard AS
WITH texts AS (
    SELECT first AS passage, concat_ws(' ', claim, array_to_string(entities, ' '),
                                       array_to_string(organisations, ' ')) AS words
    FROM fresh.main.claims JOIN fresh.search.passages USING (claim_id)
    UNION ALL
    -- The published evidence is sorted by claim, as the claims are.
    SELECT e.rowid + c.rowid + 1, concat_ws(' ', e.quote, e.speaker, e.source, e.author, e.title)
    FROM fresh.main.evidence AS e JOIN fresh.main.claims AS c USING (claim_id)
), plain AS (
    SELECT passage, CASE WHEN strlen(words) = length(words) THEN words
           ELSE translate(words, '“”„‘’‚«»‹›–—‐‑…•·→ ', '                   ') END AS words
    FROM texts
), apart AS (
    SELECT passage, (CASE WHEN strlen(words) = length(words)
                     THEN regexp_extract_all(lower(words), '[a-z0-9]+')
                         ELSE search_words(words) END)[:$most] AS words
    FROM plain
)
SELECT passage::UINTEGER AS passage, CASE WHEN strlen(word) > $longest THEN left(word, $longest)
       ELSE word END AS word, position::USMALLINT AS position
FROM (SELECT passage, unnest(words) AS word, generate_subscripts(words, 1) AS position FROM apart);

-- name: words
-- Numbered in their order, so that what begins alike has numbers that follow one another.
CREATE TABLE fresh.search.words AS
SELECT word, (row_number() OVER (ORDER BY word) - 1)::UINTEGER AS number
FROM (SELECT DISTINCT word FROM search_heard) ORDER BY word;

-- name: postings
CREATE TABLE fresh.search.postings AS
SELECT w.number AS word, h.passage, h.position
FROM search_heard AS h JOIN fresh.search.words AS w USING (word)
ORDER BY w.number, h.passage, h.position;

-- name: forget
DROP TABLE IF EXISTS temp.search_heard;

-- name: vectors_table
-- `vector` holds a signed byte a dimension; times `scale` they are the unit vector of the claim's words. Each
-- claim has one by the embedder, which readers' searches are compared with, and one by the retriever, which
-- passages are.
CREATE TABLE fresh.search.vectors (claim UINTEGER NOT NULL, model VARCHAR NOT NULL, scale FLOAT NOT NULL,
                                   vector BLOB NOT NULL);

-- name: told
-- For each published claim, by its place, the vector of the mention that has its words, else of the one that
-- founded it; of one that an editor founded, that of its own words.
WITH tellers AS (
    SELECT c.rowid AS claim,
           arg_min(m.mention_id, (m.proposition <> c.claim, m.mention_id <> s.first_mention_id,
                                  m.mention_id)) AS mention_id
    FROM fresh.main.claims AS c
    JOIN store.claims AS s USING (claim_id)
    JOIN fresh.main.mentions AS m USING (claim_id)
    SEMI JOIN store.vectors AS v ON v.mention_id = m.mention_id
    WHERE s.first_mention_id <> ''
    GROUP BY c.rowid
)
SELECT t.claim::UINTEGER AS claim, v.model, v.vector FROM tellers AS t JOIN store.vectors AS v
    USING (mention_id)
UNION ALL
SELECT c.rowid::UINTEGER, v.model, v.vector
FROM fresh.main.claims AS c
JOIN store.claims AS s ON s.claim_id = c.claim_id AND s.first_mention_id = ''
JOIN store.claim_vectors AS v ON v.claim_id = c.claim_id
ORDER BY claim;

-- name: queries
-- For each published claim, by its place, the vector by which passages are compared with it.
SELECT c.rowid::UINTEGER AS claim, q.model, q.vector
FROM fresh.main.claims AS c
JOIN store.claim_queries AS q ON q.claim_id = c.claim_id AND q.claim = c.claim
ORDER BY c.rowid;

-- name: keep_vectors
INSERT INTO fresh.search.vectors SELECT claim, model, scale, vector FROM search_vectors ORDER BY claim;
