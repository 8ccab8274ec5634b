-- name: todo
-- Mentions that no claim has yet, in the order in which they were said; of one text, as it reads. What founds
-- nothing was put to the claims of its night, and is not put to others by its own sentence.
SELECT m.mention_id
FROM store.mentions AS m
ANTI JOIN store.placements AS p USING (mention_id)
ANTI JOIN (FROM store.foundings WHERE considered) AS f USING (mention_id)
ORDER BY coalesce(m.said_at, m.seen_at), m.document_id, m.part = 'text', m.start_char, m.mention_id;

-- name: mentions
SELECT m.mention_id, m.document_id, m.proposition, m.quote, m.kind, m.speaker, m.negated, m.certainty,
       m.organisations, m.entities, m.numbers, m.event_at, m.event_precision, m.said_at,
       coalesce(m.founds, true) AS founds, m.kind_by_rule
FROM step.mentions AS m
WHERE m.mention_id IN (SELECT unnest($mentions::VARCHAR[]))
ORDER BY coalesce(m.said_at, m.seen_at), m.document_id, m.part = 'text', m.start_char, m.mention_id;

-- name: same_words
-- For these mentions, one with a vector and the same words: itself or another.
SELECT m.mention_id, min(v.mention_id)
FROM store.mentions AS m
JOIN store.mentions AS o ON o.proposition = m.proposition AND m.proposition <> ''
JOIN store.vectors AS v ON v.mention_id = o.mention_id AND v.model = $model
WHERE m.mention_id IN (SELECT unnest($mentions::VARCHAR[]))
GROUP BY m.mention_id;

-- name: without_vector
-- Placed mentions that this model has no vector for: the model was changed.
SELECT p.mention_id
FROM store.placements AS p
ANTI JOIN (SELECT mention_id FROM store.vectors WHERE model = $model) AS v USING (mention_id)
JOIN store.mentions AS m USING (mention_id)
ORDER BY coalesce(m.said_at, m.seen_at), p.mention_id;

-- name: indexed
-- What the index of neighbours must hold, in the order in which it was stored.
SELECT mention_id, rowid FROM store.vectors WHERE model = $model ORDER BY rowid;

-- name: vectors_between
-- A stretch of them: a range of rows is read without the rest.
SELECT vector FROM store.vectors WHERE model = $model AND rowid BETWEEN $first AND $last ORDER BY rowid;

-- name: vectors
SELECT vector FROM store.vectors WHERE model = $model AND mention_id IN (SELECT unnest($mentions::VARCHAR[]))
ORDER BY mention_id;

-- name: representatives
-- The earliest and the latest members, `ends` of each, of the claims that these mentions belong to. Claims as
-- the machine placed them, with split-off mentions in their own: what an editor merged may say things in two
-- ways. What an editor moved, and what was gathered, leads to its claim and does not stand for it: it may
-- fill a slot as nothing else there does.
WITH parts AS (
    SELECT p.mention_id, coalesce(s.claim_id, p.claim_id) AS claim_id, b.how
    FROM store.placements AS p
    JOIN store.members AS b USING (mention_id)
    -- Filtered first: a condition on the left side alone would compare every member with every claim.
    LEFT JOIN (
        SELECT b.mention_id, c.claim_id
        FROM store.members AS b JOIN store.claims AS c ON c.first_mention_id = b.mention_id
        WHERE b.how = 'split'
    ) AS s ON s.mention_id = p.mention_id AND s.claim_id <> p.claim_id
)
SELECT p.claim_id, m.mention_id, m.document_id, m.proposition, m.quote, m.kind, m.speaker, m.negated,
       m.certainty, m.organisations, m.entities, m.numbers, m.event_at, m.event_precision, m.said_at,
       true AS founds, m.kind_by_rule
FROM parts AS p
JOIN step.mentions AS m USING (mention_id)
WHERE p.how NOT IN ('move', 'gathered') AND p.claim_id IN (
    SELECT claim_id FROM parts WHERE mention_id IN (SELECT unnest($mentions::VARCHAR[]))
    UNION
    SELECT claim_id FROM store.members WHERE how = 'move'
           AND mention_id IN (SELECT unnest($mentions::VARCHAR[]))
)
QUALIFY row_number() OVER (PARTITION BY p.claim_id ORDER BY coalesce(m.said_at, m.seen_at),
                           m.mention_id) <= $ends
     OR row_number() OVER (PARTITION BY p.claim_id ORDER BY coalesce(m.said_at, m.seen_at) DESC,
                           m.mention_id DESC) <= $ends
ORDER BY p.claim_id, coalesce(m.said_at, m.seen_at), m.mention_id;

-- name: answered
-- For these mentions, those in the document that theirs answers and those in their own title, with the claim
-- of each that has one.
SELECT m.mention_id, o.mention_id AS other_id, p.claim_id, o.proposition, o.kind, o.organisations, o.entities
FROM store.mentions AS m
LEFT JOIN step.answers AS a ON a.document_id = m.document_id
JOIN step.mentions AS o ON o.document_id = a.answered_id
    OR (o.document_id = m.document_id AND o.part = 'title')
LEFT JOIN store.placements AS p ON p.mention_id = o.mention_id
WHERE m.mention_id IN (SELECT unnest($mentions::VARCHAR[])) AND o.mention_id <> m.mention_id
ORDER BY m.mention_id, o.part = 'text', o.start_char, o.mention_id;

-- name: readings
-- One mention of each claim that says of one of these code names what it is; names as their parts.
WITH told AS (
    SELECT p.claim_id, m.mention_id,
           array_to_string(regexp_extract_all(lower(m.proposition), '[a-z]+|\d+(?:\.\d+)*'), ' ') AS words
    FROM store.mentions AS m
    JOIN store.placements AS p USING (mention_id)
    WHERE m.kind = 'identity'
)
SELECT min(t.mention_id)
FROM told AS t
JOIN (SELECT unnest($names::VARCHAR[]) AS name) AS n ON contains(' ' || t.words || ' ', ' ' || n.name || ' ')
GROUP BY t.claim_id
ORDER BY ALL;

-- name: rarity
SELECT term, mentions FROM store.terms WHERE term IN (SELECT unnest($terms::VARCHAR[]));

-- name: placed
SELECT count(*) FROM store.placements;

-- name: count_terms
INSERT INTO store.terms
SELECT unnest($terms::VARCHAR[]), unnest($counts::BIGINT[])
ON CONFLICT (term) DO UPDATE SET mentions = terms.mentions + excluded.mentions;

-- name: consider
UPDATE store.foundings SET considered = true
WHERE NOT founds AND mention_id IN (SELECT unnest($mentions::VARCHAR[]));
