-- name: page
-- One page of the claims that pass every filter, of those in temp.found where $searched
-- (search.py). What is wide is read for the page alone.
-- Nothing is NULL in what orders the list, so that a page can go on behind any place.
WITH passed AS (
    SELECT c.place, c.claim_id, f.by_words,
           coalesce(CASE WHEN $sort::VARCHAR = 'best' THEN f.relevance END, 0)::DOUBLE AS relevance,
           coalesce(epoch_us(c.last_moved_at), -9e18)::DOUBLE AS moved,
           coalesce(CASE $sort::VARCHAR
               WHEN 'best' THEN c.checkworthy
               WHEN 'checkworthy' THEN c.checkworthy
               WHEN 'moved' THEN epoch_us(c.last_moved_at)
               WHEN 'first' THEN epoch_us(coalesce(c.first_said_at, c.first_seen_at))
               WHEN 'due' THEN -epoch_us(c.event_at)
               WHEN 'voices' THEN c.voices
               WHEN 'denied' THEN c.denies
               WHEN 'repeated' THEN c.mentions - c.voices
           END, -9e18)::DOUBLE AS rank
    FROM {pipeline.published.claim_filter.passing} AS c
    LEFT JOIN temp.found AS f ON f.claim = c.place
    WHERE NOT $searched::BOOLEAN OR f.claim IS NOT NULL
), counted AS (
    SELECT *, count(*) OVER () AS total FROM passed
), listed AS (
    FROM counted
    WHERE NOT $goes_on::BOOLEAN
       OR (-relevance, -rank, -moved, claim_id)
          > (-$after_relevance::DOUBLE, -$after_rank::DOUBLE, -$after_moved::DOUBLE, $after_id::VARCHAR)
    ORDER BY relevance DESC, rank DESC, moved DESC, claim_id
    LIMIT $limit OFFSET $offset
), wide AS MATERIALIZED (
    SELECT c.*, l.by_words, l.relevance, l.rank, l.moved, l.total
    FROM claims AS c JOIN listed AS l ON l.claim_id = c.claim_id
)
SELECT w.claim_id, left(w.claim, 2000) AS claim, w.kind, w.status, w.voices, w.supports, w.denies,
       w.questions, w.reports, w.mentions,
       w.last_moved_at, coalesce(m.is_said, false) AS moved_is_said, w.organisations,
       f.speaker AS first_speaker, f.source AS first_source,
       f.said_at AS first_said_at, f.said_precision AS first_precision,
       coalesce(len(w.first_evidence_ids) - 1, 0) AS as_early, w.event_at, w.event_precision,
       w.checkworthy_why, w.followed_by, w.followed_since, w.by_words, w.total, w.relevance,
       w.rank, w.moved
FROM wide AS w
LEFT JOIN (
    SELECT claim_id, evidence_id, speaker, source, said_at, said_precision
    FROM evidence WHERE claim_id IN (SELECT claim_id FROM wide)
) AS f ON f.claim_id = w.claim_id AND f.evidence_id = w.first_evidence_ids[1]
LEFT JOIN (
    SELECT t.claim_id, arg_max(t.at_is_said, t."at") AS is_said
    FROM timeline AS t WHERE t.claim_id IN (SELECT claim_id FROM wide) AND t.event = 'status'
    GROUP BY t.claim_id
) AS m ON m.claim_id = w.claim_id
ORDER BY w.relevance DESC, w.rank DESC, w.moved DESC, w.claim_id;

-- name: organisations
-- The organisations that can be filtered by, those with most claims first; those of $also go with them,
-- where they are there.
SELECT organisation
FROM (SELECT unnest(organisations) AS organisation FROM claims)
GROUP BY organisation
QUALIFY row_number() OVER (ORDER BY count(*) DESC, organisation) <= $most
    OR list_contains($also::VARCHAR[], organisation)
ORDER BY count(*) DESC, organisation;

-- name: models
-- The models that claims are about, those with most claims first.
SELECT subject
FROM subjects
WHERE type = 'model'
GROUP BY subject
QUALIFY row_number() OVER (ORDER BY count(*) DESC, subject) <= $most
    OR list_contains($also::VARCHAR[], subject)
ORDER BY count(*) DESC, subject;

-- name: sources
-- The sources that carry most claims.
SELECT source
FROM carriers
GROUP BY source
QUALIFY row_number() OVER (ORDER BY count(*) DESC, source) <= $most OR list_contains($also::VARCHAR[], source)
ORDER BY count(*) DESC, source;
