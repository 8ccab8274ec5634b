-- name: page
-- One page of the claims list. $terms are normalised search terms (see queries.terms); an empty list filters nothing.
WITH filtered AS (
    SELECT claim_id, claim, entities, organisations
    FROM claims
    WHERE (len($statuses::VARCHAR[]) = 0 OR list_contains($statuses::VARCHAR[], status))
      AND (len($kinds::VARCHAR[]) = 0 OR list_contains($kinds::VARCHAR[], kind))
      AND (len($organisations::VARCHAR[]) = 0 OR list_has_any($organisations::VARCHAR[], organisations))
      AND ($since::TIMESTAMP IS NULL OR last_moved_at >= $since)
      AND ($until::TIMESTAMP IS NULL OR last_moved_at < $until)
      AND (NOT $single::BOOLEAN OR voices <= 1)
), texts AS (
    SELECT claim_id, concat_ws(' ', claim, array_to_string(entities, ' '), array_to_string(organisations, ' ')) AS words
    FROM filtered WHERE len($terms::VARCHAR[]) > 0
    UNION ALL
    SELECT e.claim_id, concat_ws(' ', e.quote, e.speaker, e.source, e.author, e.title)
    FROM evidence AS e SEMI JOIN filtered USING (claim_id) WHERE len($terms::VARCHAR[]) > 0
), likely AS MATERIALIZED (
    -- The cheap test first: the beginning of each term stands somewhere in the text.
    SELECT claim_id, words FROM (SELECT claim_id, strip_accents(lower(words)) AS words FROM texts)
    WHERE len(list_filter($terms::VARCHAR[], lambda t: NOT contains(words, split_part(t, ' ', 1)))) = 0
), found AS (
    SELECT DISTINCT claim_id
    FROM (SELECT claim_id, ' ' || regexp_replace(words, '[^\p{L}\p{N}]+', ' ', 'g') AS words FROM likely)
    -- A term begins a word; scripts that put no space between words have no such beginning.
    WHERE len(list_filter($terms::VARCHAR[], lambda t: NOT contains(words, CASE WHEN regexp_matches(t, '^[\x21-\x{24f}]') THEN ' ' || t ELSE t END))) = 0
), chosen AS (
    SELECT claim_id FROM filtered WHERE len($terms::VARCHAR[]) = 0
    UNION ALL
    SELECT claim_id FROM found
), listed AS (
    SELECT c.*, count(*) OVER () AS total
    FROM claims AS c JOIN chosen USING (claim_id)
    ORDER BY CASE $sort::VARCHAR
                 WHEN 'checkworthy' THEN c.checkworthy
                 WHEN 'moved' THEN epoch_us(c.last_moved_at)
                 WHEN 'first' THEN epoch_us(coalesce(c.first_said_at, c.first_seen_at))
                 WHEN 'voices' THEN c.voices
                 WHEN 'denied' THEN c.denies
                 WHEN 'repeated' THEN c.mentions - c.voices
             END DESC NULLS LAST, c.last_moved_at DESC NULLS LAST, c.claim_id
    LIMIT $limit OFFSET $offset
), earliest AS (
    SELECT e.claim_id, e.speaker, e.source, e.said_at, e.said_precision
    FROM evidence AS e SEMI JOIN listed USING (claim_id)
    QUALIFY row_number() OVER (PARTITION BY e.claim_id ORDER BY coalesce(e.said_at, e.seen_at), e.part = 'title', e.mention_id) = 1
)
SELECT l.claim_id, left(l.claim, 2000) AS claim, l.kind, l.status, l.score, l.voices, l.supports, l.denies, l.questions, l.reports, l.mentions,
       l.last_moved_at, coalesce(m.is_said, false) AS moved_is_said, l.organisations, f.speaker AS first_speaker, f.source AS first_source,
       f.said_at AS first_said_at, f.said_precision AS first_precision, l.event_at, l.event_precision, l.checkworthy_why, l.total
FROM listed AS l
LEFT JOIN earliest AS f USING (claim_id)
LEFT JOIN (
    SELECT t.claim_id, arg_max(t.at_is_said, t."at") AS is_said
    FROM timeline AS t SEMI JOIN listed USING (claim_id) WHERE t.event = 'status' GROUP BY t.claim_id
) AS m USING (claim_id)
ORDER BY CASE $sort::VARCHAR
             WHEN 'checkworthy' THEN l.checkworthy
             WHEN 'moved' THEN epoch_us(l.last_moved_at)
             WHEN 'first' THEN epoch_us(coalesce(l.first_said_at, l.first_seen_at))
             WHEN 'voices' THEN l.voices
             WHEN 'denied' THEN l.denies
             WHEN 'repeated' THEN l.mentions - l.voices
         END DESC NULLS LAST, l.last_moved_at DESC NULLS LAST, l.claim_id;

-- name: organisations
-- The organisations that can be filtered by, those with most claims first.
SELECT organisation
FROM (SELECT unnest(organisations) AS organisation FROM claims)
GROUP BY organisation ORDER BY count(*) DESC, organisation LIMIT 500;
