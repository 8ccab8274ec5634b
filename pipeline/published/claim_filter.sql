-- name: sought
-- The words of a search with their bounds in the index, each at its place in its term.
SELECT unnest($terms::INTEGER[]) AS term, unnest($places::INTEGER[]) AS place,
       unnest($lows::VARCHAR[]) AS low, unnest($highs::VARCHAR[]) AS high;

-- name: holding
-- The claims of which one passage (pipeline/stages/publish/search.sql) holds every term: its words in a row.
WITH sought AS (
    SELECT *, count(*) OVER (PARTITION BY term) AS length FROM {sought}
), held AS (
    SELECT s.term, p.passage
    FROM sought AS s
    JOIN search.words AS w ON w.word >= s.low AND w.word < s.high
    JOIN search.postings AS p ON p.word = w.number
    GROUP BY s.term, p.passage, p.position::INTEGER - s.place
    HAVING count(DISTINCT s.place) = max(s.length)
), passages AS (
    SELECT passage FROM held GROUP BY passage
    HAVING count(DISTINCT term) = (SELECT count(DISTINCT term) FROM sought)
)
SELECT DISTINCT c.claim_id
FROM passages AS p
JOIN search.passages AS f USING (passage)
JOIN search.claims AS c USING (place);

-- name: passing
-- The claims that pass a filter (`parameters` gives what it asks), with their places in the index.
SELECT c.*, p.place
FROM claims AS c LEFT JOIN search.claims AS p USING (claim_id)
WHERE (len($statuses::VARCHAR[]) = 0 OR list_contains($statuses::VARCHAR[], c.status))
  AND (len($kinds::VARCHAR[]) = 0 OR list_contains($kinds::VARCHAR[], c.kind))
  AND (len($organisations::VARCHAR[]) = 0 OR list_has_any($organisations::VARCHAR[], c.organisations))
  AND (len($models::VARCHAR[]) = 0 OR list_has_any($models::VARCHAR[], c.entities))
  AND ($since::TIMESTAMP IS NULL OR c.last_moved_at >= $since)
  AND ($until::TIMESTAMP IS NULL OR c.last_moved_at < $until)
  AND (NOT $single::BOOLEAN OR c.voices <= 1)
  AND (NOT $followed::BOOLEAN OR c.followed_by IS NOT NULL)
  AND (NOT $due::BOOLEAN OR (c.event_at >= $now::TIMESTAMP
      AND c.status IN ('unverified', 'corroborated', 'disputed')))
  AND (len($sources::VARCHAR[]) = 0
       OR c.claim_id IN (SELECT claim_id FROM carriers WHERE source IN (SELECT unnest($sources::VARCHAR[]))))
  AND ($rivals::VARCHAR = '' OR c.claim_id IN (SELECT claim_id FROM rivals WHERE $rivals IN ('any', slot)))
  -- Who is the subject of a claim speaks of it as the first party.
  AND (NOT $denied::BOOLEAN
       OR c.claim_id IN (SELECT claim_id FROM evidence WHERE $denied AND stance = 'denies'
           AND speaker_role = 'first_party'))
  AND (len($stories::VARCHAR[]) = 0 OR list_contains($stories::VARCHAR[], c.story_id)
       OR c.story_id IN (SELECT heir FROM story_heirs WHERE list_contains($stories::VARCHAR[], story_id)))
  AND (len($terms::INTEGER[]) = 0 OR c.claim_id IN {holding});

-- name: matches
SELECT claim_id FROM {passing} ORDER BY claim_id;
