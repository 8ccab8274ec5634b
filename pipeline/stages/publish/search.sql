-- name: schema
-- A claim and a passage keep their numbers as long as the file is gone on with; what has left has none
-- any more, and the number of a passage is not given again. A passage is what must hold all words of a
-- search: a claim's own sentence with its names, or one of its mentions, known by the hash of its id. Words
-- are numbered in their order, so that what begins alike has numbers that follow one another, and with room
-- between them for words to come.
CREATE SCHEMA fresh.search;
CREATE TABLE fresh.search.claims (claim_id VARCHAR NOT NULL, place UINTEGER NOT NULL);
CREATE TABLE fresh.search.passages (passage UINTEGER NOT NULL, place UINTEGER, mention UBIGINT);
CREATE TABLE fresh.search.words (word VARCHAR NOT NULL, number UINTEGER NOT NULL);
CREATE TABLE fresh.search.postings (word UINTEGER NOT NULL, passage UINTEGER NOT NULL,
                                    position USMALLINT NOT NULL);
-- `vector` holds a signed byte a dimension; times `scale` they are the unit vector of the claim's words. Each
-- claim has one by the embedder, which readers' searches are compared with, and one by the retriever, which
-- passages are. `words` is a hash of what tells the words that it was made of.
CREATE TABLE fresh.search.vectors (claim UINTEGER NOT NULL, model VARCHAR NOT NULL, words UBIGINT NOT NULL,
                                   scale FLOAT NOT NULL, vector BLOB NOT NULL);

-- name: wanted
-- What is indexed, of a file that holds nothing yet: all.
CREATE TEMP TABLE search_claims AS SELECT hash(claim_id) AS key FROM fresh.main.claims;
CREATE TEMP TABLE search_reworded AS SELECT claim_id FROM fresh.main.claims;
CREATE TEMP VIEW search_evidence AS FROM fresh.main.evidence;

-- name: before
-- The words of the claims before they are brought up to date.
CREATE TEMP TABLE search_before AS
SELECT claim_id, hash(claim, entities, organisations) AS words FROM fresh.main.claims;

-- name: wanted_anew
-- What is indexed, of a file that is brought up to date: the vectors of claims that moved, the sentences that
-- are others than before, the mentions that moved.
CREATE TEMP TABLE search_claims AS FROM temp.moved_claims;
CREATE TEMP TABLE search_reworded AS
SELECT claim_id
FROM (SELECT claim_id, hash(claim, entities, organisations) AS words FROM fresh.main.claims) AS now
FULL JOIN temp.search_before AS before USING (claim_id)
WHERE now.words IS DISTINCT FROM before.words;
CREATE TEMP VIEW search_evidence AS FROM temp.moved_evidence;

-- name: leave
DELETE FROM fresh.search.vectors WHERE claim IN (
    SELECT place FROM fresh.search.claims WHERE claim_id NOT IN (SELECT claim_id FROM fresh.main.claims));
UPDATE fresh.search.passages SET place = NULL
WHERE place IS NOT NULL AND CASE WHEN mention IS NULL
    THEN place IN (SELECT place FROM fresh.search.claims WHERE claim_id IN (FROM temp.search_reworded))
    ELSE mention IN (FROM temp.moved_mentions) END;
DELETE FROM fresh.search.claims
WHERE claim_id IN (FROM temp.search_reworded) AND claim_id NOT IN (SELECT claim_id FROM fresh.main.claims);

-- name: enter
INSERT INTO fresh.search.claims
SELECT claim_id, (row_number() OVER (ORDER BY claim_id)
                  + (SELECT coalesce(max(place)::BIGINT, -1) FROM fresh.search.claims))
FROM fresh.main.claims WHERE claim_id NOT IN (SELECT claim_id FROM fresh.search.claims)
ORDER BY claim_id;
CREATE TEMP TABLE search_passages AS
SELECT (row_number() OVER (ORDER BY c.place, mention_id NULLS FIRST) - 1
        + (SELECT count(*) FROM fresh.search.passages))::UINTEGER AS passage,
       c.place, p.claim_id, p.mention_id
FROM (
    SELECT claim_id, NULL AS mention_id FROM temp.search_reworded
    UNION ALL
    SELECT claim_id, mention_id FROM temp.search_evidence
) AS p
JOIN fresh.search.claims AS c USING (claim_id);
INSERT INTO fresh.search.passages
SELECT passage, place, CASE WHEN mention_id IS NOT NULL THEN hash(mention_id) END
FROM temp.search_passages ORDER BY passage;

-- name: heard
-- Every word of every passage with its place. What is plain ASCII, but for typographic marks, is taken apart
-- here; the rest by the function that takes apart what is sought, which says the same
-- (tests/pipeline/test_search_index.py).
CREATE TEMP TABLE search_heard AS
WITH texts AS (
    SELECT p.passage, concat_ws(' ', c.claim, array_to_string(c.entities, ' '),
                                array_to_string(c.organisations, ' ')) AS words
    FROM temp.search_passages AS p JOIN fresh.main.claims AS c USING (claim_id)
    WHERE p.mention_id IS NULL
    UNION ALL
    SELECT p.passage, concat_ws(' ', e.quote, e.speaker, e.source, e.author, e.title)
    FROM temp.search_passages AS p JOIN temp.search_evidence AS e USING (claim_id, mention_id)
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
SELECT passage, CASE WHEN strlen(word) > $longest THEN left(word, $longest)
       ELSE word END AS word, position::USMALLINT AS position
FROM (SELECT passage, unnest(words) AS word, generate_subscripts(words, 1) AS position FROM apart);

-- name: new_words
-- New words, each with the numbers that it must stand between, and its place among those of the same room.
CREATE TEMP TABLE search_words AS
WITH bounds AS (
    SELECT word, number::BIGINT AS number FROM fresh.search.words
    UNION ALL
    SELECT '', -1
), new AS (
    SELECT DISTINCT word FROM temp.search_heard ANTI JOIN fresh.search.words USING (word)
), between_words AS (
    SELECT n.word, b.number AS low FROM new AS n ASOF JOIN bounds AS b ON n.word >= b.word
), above AS (
    SELECT n.word, n.low, coalesce(b.number, 4294967296) AS high
    FROM between_words AS n ASOF LEFT JOIN bounds AS b ON n.word <= b.word
)
SELECT word, low, high, row_number() OVER (PARTITION BY low ORDER BY word) AS place,
       count(*) OVER (PARTITION BY low) AS words
FROM above;

-- name: no_room
SELECT count(*) FROM temp.search_words WHERE high - low <= words;

-- name: words
INSERT INTO fresh.search.words
SELECT word, low + (high - low) * place // (words + 1) FROM temp.search_words ORDER BY word;

-- name: postings
INSERT INTO fresh.search.postings
SELECT w.number AS word, h.passage, h.position
FROM temp.search_heard AS h JOIN fresh.search.words AS w USING (word)
ORDER BY w.number, h.passage, h.position;

-- name: due
-- Which vectors a published claim has by now: that of the mention that has its words, else of the one that
-- founded it; of one that an editor founded, that of its own words; and the one by which passages are
-- compared with it. `row` is where the store holds it.
CREATE TEMP TABLE search_due AS
WITH wanted AS MATERIALIZED (
    SELECT c.claim_id, c.claim AS sentence, p.place AS claim, s.first_mention_id
    FROM fresh.main.claims AS c
    SEMI JOIN temp.search_claims AS w ON w.key = hash(c.claim_id)
    JOIN fresh.search.claims AS p ON p.claim_id = c.claim_id
    JOIN store.claims AS s ON s.claim_id = c.claim_id
), tellers AS (
    SELECT w.claim, arg_min(m.mention_id, (m.proposition <> w.sentence, m.mention_id <> w.first_mention_id,
                                           m.mention_id)) AS mention_id
    FROM wanted AS w
    JOIN fresh.main.mentions AS m ON m.claim_id = w.claim_id
    SEMI JOIN store.vectors AS v ON v.mention_id = m.mention_id
    WHERE w.first_mention_id <> ''
    GROUP BY w.claim
)
SELECT 'mention' AS kind, t.claim, v.model, hash('mention', mention_id) AS words, v.rowid AS "row"
FROM tellers AS t JOIN store.vectors AS v USING (mention_id)
UNION ALL
SELECT 'claim', w.claim, v.model, hash('claim', v.claim), v.rowid
FROM wanted AS w JOIN store.claim_vectors AS v USING (claim_id)
WHERE w.first_mention_id = ''
UNION ALL
SELECT 'query', w.claim, q.model, hash('query', q.claim), q.rowid
FROM wanted AS w JOIN store.claim_queries AS q ON q.claim_id = w.claim_id AND q.claim = w.sentence;
DELETE FROM fresh.search.vectors
WHERE claim IN (SELECT place FROM fresh.search.claims WHERE hash(claim_id) IN (FROM temp.search_claims))
  AND (claim, model, words) NOT IN (SELECT (claim, model, words) FROM temp.search_due);
DELETE FROM temp.search_due
WHERE (claim, model, words) IN (SELECT (claim, model, words) FROM fresh.search.vectors);

-- name: told
SELECT d.claim, v.model, d.words, v.vector
FROM temp.search_due AS d JOIN store.vectors AS v ON v.rowid = d."row" AND d.kind = 'mention'
UNION ALL
SELECT d.claim, v.model, d.words, v.vector
FROM temp.search_due AS d JOIN store.claim_vectors AS v ON v.rowid = d."row" AND d.kind = 'claim'
ORDER BY claim;

-- name: queries
SELECT d.claim, q.model, d.words, q.vector
FROM temp.search_due AS d JOIN store.claim_queries AS q ON q.rowid = d."row" AND d.kind = 'query'
ORDER BY d.claim;

-- name: keep_vectors
INSERT INTO fresh.search.vectors SELECT claim, model, words, scale, vector FROM search_vectors ORDER BY claim;

-- name: forget
DROP VIEW IF EXISTS temp.search_evidence;
DROP TABLE IF EXISTS temp.search_claims;
DROP TABLE IF EXISTS temp.search_reworded;
DROP TABLE IF EXISTS temp.search_before;
DROP TABLE IF EXISTS temp.search_passages;
DROP TABLE IF EXISTS temp.search_heard;
DROP TABLE IF EXISTS temp.search_words;
DROP TABLE IF EXISTS temp.search_due;
DROP TABLE IF EXISTS temp.search_told;
