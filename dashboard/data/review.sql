-- name: otherwise
-- Part of other statements: what second readers read otherwise than the model; of several the last to say so.
SELECT claim_id, mention_id, arg_max(model, (asked_at, model)) AS second_reader,
       arg_max(relation, (asked_at, model)) AS second_relation,
       arg_max(quotation, (asked_at, model)) AS second_quotation
FROM second_opinions WHERE NOT agrees GROUP BY claim_id, mention_id

-- name: sizes
SELECT (SELECT count(*) FROM grey_pairs
        WHERE NOT list_contains($pairs::VARCHAR[], claim_id || ' ' || other_id)) AS pairs,
       (SELECT count(*) FROM evidence AS e LEFT JOIN {otherwise} AS o USING (claim_id, mention_id)
        WHERE (e.confidence < $unsure OR o.second_reader IS NOT NULL)
          AND mention_id NOT IN (SELECT target FROM decisions WHERE kind = 'stance' AND undone_at IS NULL)
          AND NOT list_contains($mentions::VARCHAR[], mention_id)) AS stances,
       (SELECT count(*) FROM claims
        WHERE status IN ('unverified', 'corroborated', 'disputed')
          AND (event_at BETWEEN $now::TIMESTAMP AND $now::TIMESTAMP + INTERVAL 7 DAY
               OR (status = 'unverified' AND voices = $voices - 1
                   AND last_seen_at > $now::TIMESTAMP - INTERVAL 3 DAY AND mentions > 1))) AS turning;

-- name: pairs
-- Pairs that are nearly one claim, those that are talked about most first; `claim_id` is the one that
-- would stand for both.
SELECT g.score, a.claim_id, a.claim, a.status, a.voices, a.mentions, b.claim_id AS other_id, b.claim AS other,
       b.status AS other_status, b.voices AS other_voices, b.mentions AS other_mentions
FROM grey_pairs AS g
JOIN claims AS p ON p.claim_id = g.claim_id
JOIN claims AS q ON q.claim_id = g.other_id
-- More mentions, then earlier: that one stands for both.
JOIN claims AS a ON a.claim_id = CASE WHEN (p.mentions, -epoch_us(p.first_seen_at),
    p.claim_id) >= (q.mentions, -epoch_us(q.first_seen_at), q.claim_id) THEN p.claim_id ELSE q.claim_id END
JOIN claims AS b ON b.claim_id = CASE WHEN a.claim_id = p.claim_id THEN q.claim_id ELSE p.claim_id END
WHERE NOT list_contains($pairs::VARCHAR[], g.claim_id || ' ' || g.other_id)
ORDER BY greatest(coalesce(p.importance, 0), coalesce(q.importance, 0)) DESC, g.score DESC, g.claim_id,
    g.other_id
LIMIT $limit OFFSET $offset;

-- name: words
-- The earliest and the newest words on some claims.
SELECT claim_id, stance, quote, speaker, speaker_role, speaker_organisation, source, source_id, said_at,
       said_precision
FROM evidence
WHERE list_contains($claims::VARCHAR[], claim_id)
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY coalesce(said_at, seen_at), mention_id) = 1
     OR row_number() OVER (PARTITION BY claim_id ORDER BY coalesce(said_at, seen_at) DESC,
         mention_id DESC) = 1
ORDER BY claim_id, coalesce(said_at, seen_at), mention_id;

-- name: stances
-- Stances that a second reader reads otherwise, then those that the model is least sure of, each on what is
-- talked about most. Narrow rows are sorted, wide ones looked up.
WITH unsure AS (
    SELECT e.mention_id, e.claim_id, e.confidence, c.importance, o.second_reader, o.second_relation,
           o.second_quotation
    FROM evidence AS e
    JOIN claims AS c USING (claim_id)
    LEFT JOIN {otherwise} AS o ON o.claim_id = e.claim_id AND o.mention_id = e.mention_id
    WHERE (e.confidence < $unsure OR o.second_reader IS NOT NULL)
      AND e.mention_id NOT IN (SELECT target FROM decisions WHERE kind = 'stance' AND undone_at IS NULL)
      AND NOT list_contains($mentions::VARCHAR[], e.mention_id)
    ORDER BY o.second_reader IS NULL, coalesce(c.importance, 0) DESC, e.confidence, e.mention_id
    LIMIT $limit OFFSET $offset
)
SELECT e.mention_id, e.claim_id, c.claim, c.status, e.machine_stance, e.confidence, e.cues, e.quote,
       e.start_char, e.end_char,
       CASE e.part WHEN 'title' THEN v.title ELSE v.text END AS whole, e.speaker, e.speaker_role,
       e.speaker_organisation,
       e.source, e.source_id, e.url, e.said_at, e.said_precision, u.second_reader, u.second_relation,
       u.second_quotation
FROM unsure AS u
JOIN evidence AS e ON e.claim_id = u.claim_id AND e.mention_id = u.mention_id
JOIN claims AS c ON c.claim_id = e.claim_id
JOIN versions AS v ON v.document_id = e.document_id AND v.version_id = e.version_id
ORDER BY u.second_reader IS NULL, coalesce(u.importance, 0) DESC, u.confidence, u.mention_id;

-- name: turning
-- Claims whose time runs out within a week, and those that lack one voice and were heard of in the last
-- three days.
SELECT claim_id, claim, status, voices, mentions, would_change, event_at, event_precision,
       CASE WHEN event_at BETWEEN $now::TIMESTAMP AND $now::TIMESTAMP + INTERVAL 7 DAY THEN 'deadline'
           ELSE 'voice' END AS why
FROM claims
WHERE status IN ('unverified', 'corroborated', 'disputed')
  AND (event_at BETWEEN $now::TIMESTAMP AND $now::TIMESTAMP + INTERVAL 7 DAY
       OR (status = 'unverified' AND voices = $voices - 1 AND last_seen_at > $now::TIMESTAMP - INTERVAL 3 DAY
           AND mentions > 1))
ORDER BY coalesce(importance, 0) DESC, claim_id
LIMIT $limit OFFSET $offset;
