-- name: journal_head
SELECT number, sha256 FROM store.decisions WHERE number > 0 ORDER BY number DESC LIMIT 1;

-- name: models
-- The model of each part that read, compared or weighed last, as far as there was anything to do.
SELECT part, arg_max(model, (seen, id)) AS model
FROM (
    SELECT 'language_model' AS part, model, seen_at AS seen, mention_id AS id FROM store.mentions
    UNION ALL
    SELECT 'embedding_model', v.model, m.seen_at, m.mention_id FROM store.vectors AS v
    JOIN store.mentions AS m USING (mention_id)
    UNION ALL
    SELECT 'stance_model', model, weighed_at, evidence_id FROM store.evidence
    UNION ALL
    SELECT 'second_reader', model, asked_at, mention_id FROM store.second_opinions
)
GROUP BY part ORDER BY part;
