-- name: todo
-- Versions with mentions that no claim has and that were not judged yet, in the order of their saying.
SELECT m.version_id
FROM store.mentions AS m
ANTI JOIN store.placements AS p USING (mention_id)
ANTI JOIN store.foundings AS f USING (mention_id)
GROUP BY m.version_id
ORDER BY min(coalesce(m.said_at, m.seen_at)), m.version_id;

-- name: candidates
-- Mentions as the founding model reads them: `before` are the characters that touch the quote in its part,
-- `answered` is the newest text of the document that theirs answers. The words are cut out of the text before
-- anything else is joined: a long text beside each of its thousand mentions does not fit in memory.
WITH worded AS MATERIALIZED (
    SELECT m.*, CASE WHEN m.part = 'text' THEN v.title END AS title,
           step.words_before(m.part, v.text, m.start_char) AS before
    FROM store.versions AS v
    JOIN store.mentions AS m USING (version_id)
    WHERE v.version_id IN (SELECT unnest($versions))
)
SELECT m.mention_id, m.version_id, m.document_id, m.start_char, m.end_char, m.proposition AS claim, m.quote,
       m.part, m.kind, m.negated, m.certainty, m.entities, m.whole, m.title, m.before,
       step.answered_text(d.document_id) AS answered
FROM worded AS m
JOIN store.documents AS d ON d.document_id = m.document_id
ANTI JOIN store.placements AS p ON p.mention_id = m.mention_id
ANTI JOIN store.foundings AS f ON f.mention_id = m.mention_id
ORDER BY m.mention_id;
