-- What moved since the last copy. The copy keeps, in its schema `kept`, a mark for each claim, document,
-- source and name: the sum of the hashes of all stored rows that published rows of it are made from. What has
-- another mark than before is published anew. A stored column that a view reads must be in a mark here;
-- tests/pipeline/stages/publish/test_moved.py compares with copies that are published from nothing.

-- name: schema
CREATE SCHEMA fresh.kept;

-- name: tables
CREATE TABLE fresh.kept.marks (kind VARCHAR NOT NULL, key VARCHAR NOT NULL, mark UBIGINT NOT NULL);
CREATE TABLE fresh.kept.mentions (claim_id VARCHAR NOT NULL, mention_id VARCHAR NOT NULL,
                                  mark UBIGINT NOT NULL);
CREATE TABLE fresh.kept.about (key VARCHAR NOT NULL, value VARCHAR NOT NULL);

-- name: said
-- Part of other statements: the rows of what is said to claims, by claim and mention. An editor's stance, and
-- a place that a claim holds though its mention was moved away, count for the claim that they bear on.
SELECT claim_id, mention_id, hash('member', similarity, how) AS row FROM store.members
UNION ALL
SELECT claim_id, mention_id, hash(evidence_id, stance, confidence, cues, weighed_at) FROM store.evidence
UNION ALL
SELECT claim_id, mention_id, hash(voice, voice_name, origin_document_id, independent, reason)
FROM store.origins
UNION ALL
SELECT e.claim_id, e.mention_id, hash(n.evidence_id, n.probability)
FROM store.entailments AS n JOIN store.evidence AS e USING (evidence_id)
UNION ALL
SELECT m.claim_id, m.mention_id, hash(d.value, d.decided_at)
FROM step.decided AS d JOIN store.members AS m ON m.mention_id = d.target
WHERE d.kind = 'stance'
UNION ALL
SELECT unnest(CASE WHEN p.claim_id = m.claim_id THEN [m.claim_id]
              ELSE list_distinct([m.claim_id, p.claim_id, coalesce(c.merged_into, p.claim_id)]) END),
       m.mention_id, hash('placed', p.claim_id, p.how, c.merged_into, m.claim_id)
FROM store.placements AS p
JOIN store.members AS m USING (mention_id)
LEFT JOIN store.claims AS c ON c.claim_id = p.claim_id

-- name: of_claims
-- Part of other statements: the rows that are a claim's own.
SELECT claim_id AS key, hash(one) AS row FROM store.claims AS one
UNION ALL
SELECT claim_id, hash('shown') FROM step.shown
UNION ALL
SELECT claim_id, hash('hidden') FROM step.hidden
UNION ALL
SELECT claim_id, hash(one) FROM store.verdicts AS one
UNION ALL
SELECT claim_id, hash('judged', judged_at) FROM store.judged
UNION ALL
SELECT claim_id, hash('worth', checkworthy, why) FROM store.checkworthy
UNION ALL
SELECT claim_id, hash(one) FROM store.releases AS one
UNION ALL
SELECT claim_id, hash(one) FROM store.outcomes AS one
UNION ALL
SELECT claim_id, hash(one) FROM store.resolution_texts AS one
UNION ALL
SELECT claim_id, hash(one) FROM store.story_claims AS one
UNION ALL
SELECT claim_id, hash(one) FROM store.rewordings AS one
UNION ALL
SELECT claim_id, hash(one) FROM store.second_opinions AS one
UNION ALL
SELECT claim_id, hash(one) FROM step.bearings AS one WHERE claim_id IS NOT NULL
UNION ALL
SELECT target, hash('followed', reason, editor, decided_at) FROM step.decided WHERE kind = 'follow'
UNION ALL
SELECT claim_id, hash(one) FROM joins AS one
UNION ALL
-- A vector is what its model makes of the words.
SELECT m.claim_id, hash('vector', v.mention_id, v.model) FROM store.vectors AS v
JOIN store.members AS m USING (mention_id)
UNION ALL
SELECT claim_id, hash('words', claim, model) FROM store.claim_vectors
UNION ALL
SELECT claim_id, hash('query', claim, model) FROM store.claim_queries

-- name: of_documents
-- Part of other statements: the rows of documents that published rows of claims read. A text is known by its
-- hash.
SELECT document_id AS key, hash(one) AS row FROM store.documents AS one
UNION ALL
SELECT document_id, hash(version_id, number, title, headline, text_sha256, extent, read_anew, modified_at,
                         modified_precision, unchanged_at, seen_at, sha256, warc)
FROM store.versions
UNION ALL
SELECT v.document_id, hash(e) FROM store.edits AS e JOIN store.versions AS v USING (version_id)
UNION ALL
SELECT document_id, hash(one) FROM store.mentions AS one
UNION ALL
SELECT m.document_id, hash(f.mention_id, f.founds, f.reason)
FROM store.foundings AS f JOIN store.mentions AS m USING (mention_id)

-- name: beside
-- Part of other statements: the rows of documents that no claim reads.
SELECT document_id AS key, hash(one) AS row FROM store.links AS one
UNION ALL
SELECT document_id, hash(one) FROM store.edges AS one
UNION ALL
SELECT document_id, hash(one) FROM store.passages AS one

-- name: of_names
-- Part of other statements: what is known of a name.
SELECT name AS key, hash(type, owner) AS row FROM store.names
UNION ALL
SELECT model, hash('of', min(organisation)) FROM store.releases
WHERE model IS NOT NULL AND release_key IS NOT NULL GROUP BY model

-- name: marks
SELECT kind, key, hash(sum(row)) AS mark
FROM (
    SELECT 'claim' AS kind, claim_id AS key, row FROM {said}
    UNION ALL
    SELECT 'claim', key, row FROM {of_claims}
    UNION ALL
    SELECT 'document', key, row FROM {of_documents}
    UNION ALL
    SELECT 'beside', key, row FROM {beside}
    UNION ALL
    SELECT 'source', s.source_id, hash(s, p.voices)
    FROM store.sources AS s JOIN step.publishers AS p USING (source_id)
    UNION ALL
    SELECT 'name', key, row FROM {of_names}
)
GROUP BY kind, key;

-- name: mention_marks
-- A claim that is hidden, or shown again, has other marks of all its mentions.
SELECT s.claim_id, s.mention_id,
       hash(sum(s.row), any_value(h.claim_id IS NULL), any_value(w.claim_id IS NULL)) AS mark
FROM {said} AS s
LEFT JOIN step.hidden AS h USING (claim_id)
LEFT JOIN step.shown AS w USING (claim_id)
GROUP BY s.claim_id, s.mention_id;

-- name: keep
INSERT INTO fresh.kept.marks FROM temp.moved_marks;
INSERT INTO fresh.kept.mentions {mention_marks} ORDER BY claim_id;

-- name: lay_marks
CREATE TEMP TABLE moved_marks AS {marks};

-- name: moved
CREATE TEMP TABLE moved AS
SELECT kind, key, new.mark
FROM temp.moved_marks AS new FULL JOIN fresh.kept.marks AS kept USING (kind, key)
WHERE new.mark IS DISTINCT FROM kept.mark;

-- name: documents
CREATE TEMP TABLE moved_documents AS
SELECT key AS document_id FROM temp.moved WHERE kind = 'document'
UNION
SELECT document_id FROM store.documents
WHERE source_id IN (SELECT key FROM temp.moved WHERE kind = 'source');
CREATE TEMP TABLE moved_beside AS
FROM temp.moved_documents
UNION
SELECT key FROM temp.moved WHERE kind = 'beside';
CREATE TEMP TABLE moved_claims AS SELECT key AS claim_id FROM temp.moved WHERE kind = 'claim';

-- name: mentions_of_claims
-- What moved of what is said to the claims that moved; the tables `part.slice` hold the rows of those claims.
CREATE TEMP TABLE moved_said AS
SELECT claim_id, mention_id, new.mark
FROM {mention_marks} AS new
FULL JOIN (FROM fresh.kept.mentions WHERE claim_id IN (FROM temp.moved_claims)) AS kept
    USING (claim_id, mention_id)
WHERE new.mark IS DISTINCT FROM kept.mark AND claim_id IN (FROM temp.moved_claims);

-- name: mentions
-- All mentions that are published anew: what moved, what stands in a document that moved or was taken from
-- one, and whatever stands in the same version, since of several in one place one stands for all.
CREATE TEMP TABLE moved_mentions AS
WITH first AS MATERIALIZED (
    SELECT mention_id FROM temp.moved_said
    UNION
    SELECT mention_id FROM store.mentions WHERE document_id IN (FROM temp.moved_documents)
    UNION
    SELECT mention_id FROM fresh.main.mentions WHERE document_id IN (FROM temp.moved_documents)
    UNION
    SELECT mention_id FROM store.origins WHERE origin_document_id IN (FROM temp.moved_documents)
    UNION
    SELECT mention_id FROM fresh.main.evidence WHERE origin_document_id IN (FROM temp.moved_documents)
), versions AS MATERIALIZED (
    SELECT version_id FROM store.mentions WHERE mention_id IN (FROM first)
    UNION
    SELECT version_id FROM fresh.main.mentions WHERE mention_id IN (FROM first)
)
FROM first
UNION
SELECT mention_id FROM store.mentions WHERE version_id IN (FROM versions)
UNION
SELECT mention_id FROM fresh.main.mentions WHERE version_id IN (FROM versions);

-- name: claims
-- All claims that are published anew: what moved, what mentions that moved speak to or spoke to, what is
-- about names that moved; and what counts other documents as those of the last 48 hours, since the clock has
-- moved (`step.importance`).
INSERT INTO temp.moved_claims
WITH names AS (
    SELECT coalesce(list(key), []) AS moved FROM temp.moved WHERE kind = 'name'
), recent AS (
    SELECT document_id FROM store.documents
    WHERE coalesce(published_at, seen_at) + INTERVAL 48 HOUR > least($before::TIMESTAMP, $clock::TIMESTAMP)
      AND coalesce(published_at, seen_at) + INTERVAL 48 HOUR <= greatest($before::TIMESTAMP, $clock::TIMESTAMP)
), more AS (
    SELECT claim_id FROM store.members WHERE mention_id IN (FROM temp.moved_mentions)
    UNION
    SELECT claim_id FROM fresh.main.mentions
    WHERE mention_id IN (FROM temp.moved_mentions) AND claim_id IS NOT NULL
    UNION
    SELECT claim_id FROM store.claims, names
    WHERE list_has_any(organisations, moved) OR list_has_any(entities, moved)
    UNION
    SELECT b.claim_id FROM store.members AS b JOIN store.mentions AS m USING (mention_id)
    WHERE m.document_id IN (FROM recent)
)
FROM more WHERE claim_id NOT IN (FROM temp.moved_claims);

-- name: renamed
-- And those of which somebody who spoke is called otherwise.
INSERT INTO temp.moved_claims
SELECT DISTINCT t.claim_id
FROM fresh.main.track_record_claims AS t LEFT JOIN part.main.voice_names AS n USING (who, who_id)
WHERE t.who <> 'source' AND t.name <> coalesce(n.name, t.who_id)
  AND t.claim_id NOT IN (FROM temp.moved_claims);

-- name: clock
SELECT max(last_seen_at) FROM store.sightings;

-- name: share
-- How much of all that is said moved.
SELECT count(*) / greatest(1, (SELECT count(*) FROM store.members))
FROM (SELECT mention_id FROM store.members WHERE claim_id IN (FROM temp.moved_claims)
      UNION FROM temp.moved_mentions);

-- name: keep_moved
DELETE FROM fresh.kept.marks WHERE (kind, key) IN (SELECT (kind, key) FROM temp.moved);
INSERT INTO fresh.kept.marks SELECT kind, key, mark FROM temp.moved WHERE mark IS NOT NULL;
DELETE FROM fresh.kept.mentions
WHERE (claim_id, mention_id) IN (SELECT (claim_id, mention_id) FROM temp.moved_said);
INSERT INTO fresh.kept.mentions SELECT claim_id, mention_id, mark FROM temp.moved_said WHERE mark IS NOT NULL;

-- name: forget
DROP TABLE IF EXISTS temp.moved_marks;
DROP TABLE IF EXISTS temp.moved;
DROP TABLE IF EXISTS temp.moved_documents;
DROP TABLE IF EXISTS temp.moved_beside;
DROP TABLE IF EXISTS temp.moved_claims;
DROP TABLE IF EXISTS temp.moved_said;
DROP TABLE IF EXISTS temp.moved_mentions;
