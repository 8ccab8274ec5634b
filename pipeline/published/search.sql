-- name: owners
-- By the numbers of the passages, the place of the claim of each, or -1 where it has left, and whether it is
-- the claim's own sentence (pipeline/stages/publish/search.sql).
SELECT coalesce(place::BIGINT, -1) AS place, mention IS NULL AS own FROM search.passages ORDER BY passage;

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
