-- name: columns
-- Claims with the names that they are about, the seconds (since 1970) between which something said may speak
-- to them (at any time, where nobody was heard on them yet), and `place`, where the vector stands in its
-- table. A claim that came apart from another one tonight may have the vector of other words or of an older
-- model: it waits for the next night, which embeds it first.
SELECT v.rowid AS place, c.claim_id, c.claim, list_concat(c.entities, c.organisations) AS names,
       coalesce(epoch(h.first_at - $around::INTERVAL), '-infinity'::DOUBLE) AS since,
       coalesce(epoch(h.last_at + $around::INTERVAL), 'infinity'::DOUBLE) AS until,
       c.first_mention_id = '' AS followed, c.merged_into
FROM store.claims AS c
JOIN store.claim_queries AS v ON v.claim_id = c.claim_id AND v.claim = c.claim AND v.model = $queries
LEFT JOIN (
    SELECT b.claim_id, min(coalesce(m.said_at, m.seen_at)) AS first_at,
           max(coalesce(m.said_at, m.seen_at)) AS last_at
    FROM store.members AS b
    JOIN store.mentions AS m USING (mention_id)
    GROUP BY b.claim_id
) AS h ON h.claim_id = c.claim_id

-- name: live
-- The claims for which stored passages were searched and that what was said between two seconds may speak to.
SELECT c.*
FROM {columns} AS c
JOIN store.gathered AS g ON g.claim_id = c.claim_id AND g.claim = c.claim AND g.model = $gathered
WHERE c.merged_into IS NULL AND c.since <= $until AND c.until >= $since
ORDER BY c.claim_id;

-- name: sought
-- These claims.
SELECT * FROM {columns} WHERE claim_id IN (SELECT unnest($claims)) ORDER BY claim_id;

-- name: stretch
-- Passages of a stretch of time with the names that they say or inherit, and where their vectors stand.
SELECT v.rowid AS place, p.passage_id, p.language = $english AS english,
       epoch(coalesce(p.said_at, p.seen_at)) AS time,
       list_concat(list_concat(p.names, p.organisations), p.inherited) AS names
FROM store.passages AS p
JOIN store.passage_vectors AS v USING (passage_id)
WHERE v.model = $model AND epoch(coalesce(p.said_at, p.seen_at)) BETWEEN $since AND $until
ORDER BY p.passage_id;

-- name: claim_queries
-- Between two places vectors of other models may stand, of another dimension.
SELECT rowid AS place, vector
FROM store.claim_queries
WHERE rowid BETWEEN $first AND $last AND model = $model;

-- name: passage_vectors
-- The same of passages.
SELECT rowid AS place, vector
FROM store.passage_vectors
WHERE rowid BETWEEN $first AND $last AND model = $model;
