-- Chinese sentences found claims: Chinese texts are read again, of which only passages and speakers were
-- stored. Their vectors are made anew, since the embedder reads Chinese by its gloss.
DELETE FROM store.speech WHERE version_id IN (
    SELECT version_id FROM store.versions JOIN store.documents AS d USING (document_id)
    WHERE d.language = 'zh');
DELETE FROM store.extracted WHERE version_id IN (
    SELECT version_id FROM store.versions JOIN store.documents AS d USING (document_id)
    WHERE d.language = 'zh');
DELETE FROM store.vectors WHERE mention_id IN (
    SELECT mention_id FROM store.mentions WHERE regexp_matches(proposition, '[\x{3400}-\x{9fff}]'));
DELETE FROM store.claim_vectors WHERE regexp_matches(claim, '[\x{3400}-\x{9fff}]');
