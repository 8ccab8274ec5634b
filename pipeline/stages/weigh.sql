-- name: todo
-- The members that this model has not weighed against the claim that they belong to now.
SELECT m.mention_id, m.claim_id
FROM store.members AS m
ANTI JOIN (SELECT mention_id, claim_id FROM store.evidence WHERE model = $model) AS e
    USING (mention_id, claim_id)
ORDER BY m.mention_id;

-- name: pairs
-- What the model is asked about each mention; `before` and `after` are the characters around the quote in its
-- part.
SELECT b.mention_id, b.claim_id, c.claim, m.quote, m.proposition, m.negated, m.certainty, m.speech_verb,
       m.cues, substr(t.body, greatest(m.start_char - $window, 0) + 1,
                      least(m.start_char, $window)) AS before,
       substr(t.body, m.end_char + 1, $window) AS after
FROM store.members AS b
JOIN store.claims AS c USING (claim_id)
JOIN store.mentions AS m USING (mention_id)
JOIN store.versions AS v USING (version_id)
JOIN LATERAL (SELECT CASE m.part WHEN 'title' THEN coalesce(v.title, '') ELSE v.text END AS body) AS t ON true
WHERE b.mention_id IN (SELECT unnest($mentions))
ORDER BY b.mention_id;
