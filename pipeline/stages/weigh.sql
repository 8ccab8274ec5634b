-- name: todo
-- The members that this model has not weighed against the claim that they belong to now. What an earlier
-- model gathered keeps the side that was read with it: it may not belong by this one, and then no side is
-- right.
SELECT m.mention_id, m.claim_id
FROM store.members AS m
ANTI JOIN (SELECT mention_id, claim_id, model FROM store.evidence) AS e
    ON e.mention_id = m.mention_id AND e.claim_id = m.claim_id AND (e.model = $model OR m.how = 'gathered')
ORDER BY m.mention_id;

-- name: pairs
-- What the model is asked about each mention: `before` are the characters that touch the quote in its part,
-- `answered` is the newest text of the document that the mention's document answers.
SELECT b.mention_id, m.document_id, b.claim_id, c.claim, m.quote, m.proposition, m.negated, m.certainty,
       m.speech_verb,
       m.cues,
       CASE WHEN m.part = 'text' THEN v.title END AS title,
       step.words_before(m.part, v.text, m.start_char) AS before,
       step.answered_text(d.document_id) AS answered
FROM store.members AS b
JOIN store.claims AS c USING (claim_id)
JOIN store.mentions AS m USING (mention_id)
JOIN store.versions AS v USING (version_id)
JOIN store.documents AS d ON d.document_id = m.document_id
WHERE b.mention_id IN (SELECT unnest($mentions))
ORDER BY b.mention_id;

-- name: unread
-- The supporting evidence that this model has not read.
SELECT t.evidence_id
FROM step.stances AS t
ANTI JOIN (SELECT evidence_id FROM store.entailments WHERE model = $model) AS e USING (evidence_id)
WHERE t.stance = 'supports'
ORDER BY t.evidence_id;

-- name: supporting
-- What the model is asked about each piece of evidence.
SELECT e.evidence_id, m.document_id, c.claim, m.quote,
       CASE WHEN m.part = 'text' THEN v.title END AS title,
       step.words_before(m.part, v.text, m.start_char) AS before,
       step.answered_text(d.document_id) AS answered
FROM store.evidence AS e
JOIN store.claims AS c USING (claim_id)
JOIN store.mentions AS m USING (mention_id)
JOIN store.versions AS v USING (version_id)
JOIN store.documents AS d ON d.document_id = m.document_id
WHERE e.evidence_id IN (SELECT unnest($evidence))
ORDER BY e.evidence_id;
