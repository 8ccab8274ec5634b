-- The rows of gather_scale.py: copies of a real store, laid one behind the other in time. Read from the
-- variables last (the number of the last copy), span (seconds that a copy takes), now (the end of the last
-- copy) and nights (shares of the last copy that are held back). Each statement is named.

-- name: macros
-- Copy k begins where copy k - 1 ended; in it all times keep their order.
CREATE OR REPLACE TEMP MACRO anew(id, k) AS id || '~' || k;
CREATE OR REPLACE TEMP MACRO moved(t, k) AS make_timestamp(
    epoch_us(getvariable('now')) + ((k - getvariable('last') - 1 + (
        epoch_us(least(greatest(t, getvariable('real_first')), getvariable('real_last')))
        - epoch_us(getvariable('real_first')))::DOUBLE
    / (epoch_us(getvariable('real_last')) - epoch_us(getvariable('real_first')))) * getvariable('span') * 1e6
    )::BIGINT);
-- A full stop becomes a sign of the copy, so that copies are not the same words; places stay.
CREATE OR REPLACE TEMP MACRO reworded(words, k) AS replace(words, '.', chr((57344 + k % 6000)::INTEGER));

-- name: shares
-- Of the last copy, the nights' shares of documents, and what belongs to them. What an editor follows is
-- left out: no newsroom follows a tenth of all claims.
CREATE OR REPLACE TEMP TABLE document_share AS
SELECT document_id, hash(document_id) % getvariable('shares') AS share FROM real.store.documents;
CREATE OR REPLACE TEMP TABLE mention_share AS
SELECT mention_id, share FROM real.store.mentions JOIN document_share USING (document_id);
CREATE OR REPLACE TEMP TABLE claim_share AS
SELECT c.claim_id, m.share
FROM real.store.claims AS c JOIN mention_share AS m ON m.mention_id = c.first_mention_id;

-- name: of_documents
CREATE OR REPLACE TEMP TABLE real_TABLE_NAME AS
SELECT t.*, s.share FROM real.store.TABLE_NAME AS t JOIN document_share AS s USING (document_id);

-- name: of_versions
CREATE OR REPLACE TEMP TABLE real_TABLE_NAME AS
SELECT t.*, s.share FROM real.store.TABLE_NAME AS t
JOIN real.store.versions AS v USING (version_id)
JOIN document_share AS s ON s.document_id = v.document_id;

-- name: of_passages
CREATE OR REPLACE TEMP TABLE real_TABLE_NAME AS
SELECT t.*, s.share FROM real.store.TABLE_NAME AS t
JOIN real.store.passages AS p USING (passage_id)
JOIN document_share AS s ON s.document_id = p.document_id;

-- name: of_claims
CREATE OR REPLACE TEMP TABLE real_TABLE_NAME AS
SELECT t.*, s.share FROM real.store.TABLE_NAME AS t JOIN claim_share AS s USING (claim_id);

-- name: of_pairs
CREATE OR REPLACE TEMP TABLE real_TABLE_NAME AS
SELECT t.*, greatest(a.share, b.share) AS share FROM real.store.TABLE_NAME AS t
JOIN claim_share AS a USING (claim_id)
JOIN claim_share AS b ON b.claim_id = t.rival_id
WHERE least(a.share, b.share) >= getvariable('nights');

-- name: of_members
-- What was gathered in a night that is held back is not told: the benchmark gathers it.
CREATE OR REPLACE TEMP TABLE real_TABLE_NAME AS
SELECT t.*, m.share
FROM real.store.TABLE_NAME AS t
JOIN claim_share AS c USING (claim_id)
JOIN mention_share AS m USING (mention_id)
JOIN real.store.members AS b USING (mention_id)
WHERE (m.share >= getvariable('nights') AND c.share >= getvariable('nights'))
   OR (b.how <> 'gathered' AND (c.share = m.share OR c.share >= getvariable('nights')));

-- name: of_evidence
CREATE OR REPLACE TEMP TABLE real_TABLE_NAME AS
SELECT t.*, e.share FROM real.store.TABLE_NAME AS t JOIN real_evidence AS e USING (evidence_id);

-- name: of_all
CREATE OR REPLACE TEMP TABLE real_TABLE_NAME AS
SELECT t.*, 1000000 AS share FROM real.store.TABLE_NAME AS t;

-- name: counts
-- How often each claim was told of when it was last put to stories.
INSERT OR REPLACE INTO store.storied BY NAME
SELECT s.claim_id, s.claim, count(b.mention_id) AS mentions
FROM store.storied AS s LEFT JOIN store.members AS b USING (claim_id)
WHERE ends_with(s.claim_id, '~' || getvariable('last'))
GROUP BY ALL;

-- name: texts
-- The words of the last copy's passages, as gather reads them.
SELECT p.passage_id,
       reworded(substr(CASE p.part WHEN 'title' THEN v.title ELSE v.text END, p.start_char + 1,
                       p.end_char - p.start_char), getvariable('last')) AS quote, x.vector
FROM real.store.passages AS p
JOIN real.store.versions AS v USING (version_id)
JOIN real_passage_vectors AS x USING (passage_id);
