-- What second readers said, beside what the model says.

CREATE OR REPLACE VIEW second_opinions AS
SELECT o.claim_id, e.evidence_id, o.mention_id, o.model, o.relation, o.quotation, e.machine_stance,
       o.relation = e.machine_stance AS agrees, o.asked_at, o.run_id
FROM store.second_opinions AS o
JOIN evidence AS e USING (claim_id, mention_id)
WHERE o.relation IS NOT NULL;
