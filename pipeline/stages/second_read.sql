-- name: todo
-- The members on which the newest verdicts of claims that took a side rest, as far as this reader was not
-- asked about them and no editor decided where they stand: those of the verdicts that came last first.
-- `before` are the characters that touch the words in their part, `answered` is the newest text of the
-- document that theirs answers.
WITH cited AS (
    SELECT v.claim_id, v.judged_at, unnest(v.evidence_ids) AS evidence_id,
           generate_subscripts(v.evidence_ids, 1) AS place
    FROM step.verdicts AS v
    JOIN step.shown USING (claim_id)
    WHERE v.status IN ('substantiated', 'contradicted', 'corroborated', 'disputed')
), asked AS (
    SELECT c.claim_id, s.mention_id, s.evidence_id, s.machine_stance, c.judged_at, c.place
    FROM cited AS c
    JOIN step.stances AS s USING (claim_id, evidence_id)
    JOIN store.mentions AS m ON m.mention_id = s.mention_id AND length(m.quote) <= $longest
    ANTI JOIN (FROM store.second_opinions WHERE model = $model) AS o
        ON o.claim_id = s.claim_id AND o.mention_id = s.mention_id
    ANTI JOIN (FROM step.decided WHERE kind = 'stance') AS d ON d.target = s.mention_id
    ORDER BY c.judged_at DESC, c.claim_id, c.place
    LIMIT $limit
)
SELECT a.claim_id, a.mention_id, a.evidence_id, a.machine_stance, c.claim, m.quote,
       CASE WHEN m.part = 'text' THEN v.title END AS title,
       step.words_before(m.part, v.text, m.start_char) AS before,
       step.answered_text(d.document_id) AS answered
FROM asked AS a
JOIN store.claims AS c ON c.claim_id = a.claim_id
JOIN store.mentions AS m ON m.mention_id = a.mention_id
JOIN store.versions AS v ON v.version_id = m.version_id
JOIN store.documents AS d ON d.document_id = m.document_id
ORDER BY a.judged_at DESC, a.claim_id, a.place;
