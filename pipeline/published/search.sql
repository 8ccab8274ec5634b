-- name: size
-- The passages: a claim's own sentence, and each of its mentions (pipeline/stages/publish/search.sql).
SELECT (SELECT count(*) FROM claims) + (SELECT count(*) FROM evidence) AS passages;

-- name: firsts
SELECT first FROM search.passages ORDER BY place;

-- name: span
-- The numbers of the words from $low to before $high; null where there are none.
SELECT min(number) AS first, max(number) AS last FROM search.words WHERE word >= $low AND word < $high;

-- name: passages
SELECT passage FROM search.postings WHERE word BETWEEN $low AND $high;

-- name: places
SELECT passage, position FROM search.postings WHERE word BETWEEN $low AND $high;

-- name: models
SELECT DISTINCT model FROM search.vectors;

-- name: vectors
SELECT claim, scale, vector FROM search.vectors WHERE model = $model;
