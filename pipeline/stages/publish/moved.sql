-- What moved since the last copy. The copy keeps, in its schema `kept`, a mark for each claim, document,
-- source and name: the sum of the hashes of all stored rows that published rows of it are made from. What has
-- another mark than before is published anew. A stored column that a view reads must be in a mark here;
-- tests/pipeline/stages/publish/test_moved.py compares with copies that are published from nothing.
-- Whatever has an id is known by the hash of its id.

-- name: tables
CREATE SCHEMA fresh.kept;
CREATE TABLE fresh.kept.marks (kind VARCHAR NOT NULL, key UBIGINT NOT NULL, mark UBIGINT NOT NULL);
CREATE TABLE fresh.kept.mentions (claim UBIGINT NOT NULL, mention UBIGINT NOT NULL, mark UBIGINT NOT NULL);
CREATE TABLE fresh.kept.about (key VARCHAR NOT NULL, value VARCHAR NOT NULL);

-- name: columns
SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()
WHERE database_name = 'fresh' ORDER BY schema_name, table_name, column_index;

-- name: said
-- Part of other statements: the rows of what is said to claims, by claim and mention. Each tells its mention,
-- so that a claim's mark moves where two mentions change places. An editor's stance, and a place that a claim
-- holds though its mention was moved away, count for the claim that they bear on.
SELECT claim_id, mention_id, hash('member', mention_id, similarity, how) AS row FROM store.members
UNION ALL
SELECT claim_id, mention_id, hash(mention_id, evidence_id, stance, confidence, cues, weighed_at)
FROM store.evidence
UNION ALL
SELECT claim_id, mention_id, hash(mention_id, voice, voice_name, origin_document_id, independent, reason)
FROM store.origins
UNION ALL
SELECT e.claim_id, e.mention_id, hash(n.evidence_id, n.probability)
FROM store.entailments AS n JOIN store.evidence AS e USING (evidence_id)
UNION ALL
SELECT m.claim_id, m.mention_id, hash(d.target, d.value, d.decided_at)
FROM step.decided AS d JOIN store.members AS m ON m.mention_id = d.target
WHERE d.kind = 'stance'
UNION ALL
SELECT unnest(CASE WHEN p.claim_id = m.claim_id THEN [m.claim_id]
              ELSE list_distinct([m.claim_id, p.claim_id, coalesce(c.merged_into, p.claim_id)]) END),
       m.mention_id, hash('placed', m.mention_id, p.claim_id, p.how, c.merged_into, m.claim_id)
FROM store.placements AS p
JOIN store.members AS m USING (mention_id)
LEFT JOIN store.claims AS c ON c.claim_id = p.claim_id

-- name: of_claims
-- Part of other statements: the rows that are a claim's own.
SELECT claim_id AS id, hash(one) AS row FROM store.claims AS one
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
-- Part of other statements: the rows of documents that what is said in them is published with. A text is
-- known by its hash.
SELECT document_id AS id, hash(one) AS row
FROM (SELECT * EXCLUDE (score, run_id) FROM store.documents) AS one
UNION ALL
SELECT document_id, hash(version_id, number, title, headline, text_sha256, extent, read_anew, modified_at,
                         modified_precision, unchanged_at, seen_at, sha256, warc)
FROM store.versions
UNION ALL
SELECT v.document_id, hash(e) FROM store.edits AS e JOIN store.versions AS v USING (version_id)
UNION ALL
SELECT document_id, hash(one)
FROM (SELECT * EXCLUDE (cues, model, run_id, whole) FROM store.mentions) AS one
UNION ALL
SELECT m.document_id, hash(f.mention_id, f.founds, f.reason, f.kind)
FROM store.foundings AS f JOIN store.mentions AS m USING (mention_id)

-- name: beside
-- Part of other statements: the rows of documents that nothing which is said in them is published with.
SELECT document_id AS id, hash(one) AS row FROM store.links AS one
UNION ALL
SELECT document_id, hash(one) FROM store.edges AS one
UNION ALL
SELECT document_id, hash(one) FROM store.passages AS one
UNION ALL
SELECT document_id, hash('score', score) FROM store.documents

-- name: of_origins
-- Part of other statements: what is published of the document that another was taken from.
SELECT document_id AS id, hash('gone', gone_at) AS row FROM store.documents WHERE gone_at IS NOT NULL
UNION ALL
SELECT document_id, hash('edited') FROM step.edited

-- name: of_names
-- Part of other statements: what is known of a name.
SELECT name AS id, hash(type, owner) AS row FROM store.names
UNION ALL
SELECT model, hash('of', min(organisation), max(organisation)) FROM store.releases
WHERE model IS NOT NULL AND release_key IS NOT NULL GROUP BY model

-- name: marks
SELECT 'claim' AS kind, key, hash(sum(row)) AS mark
FROM (SELECT hash(claim_id) AS key, row FROM {said} UNION ALL SELECT hash(id), row FROM {of_claims})
GROUP BY key
UNION ALL
SELECT 'document', hash(id) AS key, hash(sum(row)) FROM {of_documents} GROUP BY key
UNION ALL
SELECT 'beside', hash(id) AS key, hash(sum(row)) FROM {beside} GROUP BY key
UNION ALL
SELECT 'origin', hash(id) AS key, hash(sum(row)) FROM {of_origins} GROUP BY key
UNION ALL
SELECT 'source', hash(s.source_id), hash(s, p.voices)
FROM store.sources AS s JOIN step.publishers AS p USING (source_id)
UNION ALL
SELECT 'name', hash(id) AS key, hash(sum(row)) FROM {of_names} GROUP BY key;

-- name: mention_marks
-- A claim that is hidden, or shown again, has other marks of all its mentions.
SELECT hash(s.claim_id) AS claim, hash(s.mention_id) AS mention,
       hash(sum(s.row), any_value(h.claim_id IS NULL), any_value(w.claim_id IS NULL)) AS mark
FROM {said} AS s
LEFT JOIN step.hidden AS h USING (claim_id)
LEFT JOIN step.shown AS w USING (claim_id)
GROUP BY ALL;

-- name: keep
INSERT INTO fresh.kept.marks FROM temp.moved_marks;
INSERT INTO fresh.kept.mentions {mention_marks};

-- name: lay_marks
CREATE TEMP TABLE moved_marks AS {marks};

-- name: moved
CREATE TEMP TABLE moved AS
SELECT kind, key, new.mark
FROM temp.moved_marks AS new FULL JOIN fresh.kept.marks AS kept USING (kind, key)
WHERE new.mark IS DISTINCT FROM kept.mark;

-- name: documents
CREATE TEMP TABLE moved_documents AS
SELECT key FROM temp.moved WHERE kind = 'document'
UNION
SELECT hash(document_id) FROM store.documents
WHERE hash(source_id) IN (SELECT key FROM temp.moved WHERE kind = 'source');
CREATE TEMP TABLE moved_origins AS SELECT key FROM temp.moved WHERE kind = 'origin';
CREATE TEMP TABLE moved_beside AS
FROM temp.moved_documents
UNION
SELECT key FROM temp.moved WHERE kind = 'beside';
CREATE TEMP TABLE moved_marked AS SELECT key FROM temp.moved WHERE kind = 'claim';

-- name: mentions_of_claims
-- What moved of what is said to the claims that moved; the tables of `part.store` hold the rows of those
-- claims.
CREATE TEMP TABLE moved_said AS
SELECT claim, mention, new.mark
FROM {mention_marks} AS new
FULL JOIN (FROM fresh.kept.mentions WHERE claim IN (FROM temp.moved_marked)) AS kept USING (claim, mention)
WHERE new.mark IS DISTINCT FROM kept.mark AND claim IN (FROM temp.moved_marked);

-- name: mentions
-- All mentions that are published anew: what moved, what stands in a document that moved or was taken from
-- one, and whatever stands in the same version, since of several in one place one stands for all.
CREATE TEMP TABLE moved_mentions AS
WITH first AS MATERIALIZED (
    SELECT mention AS key FROM temp.moved_said
    UNION
    SELECT hash(mention_id) FROM store.mentions WHERE hash(document_id) IN (FROM temp.moved_documents)
    UNION
    SELECT hash(mention_id) FROM fresh.main.mentions WHERE hash(document_id) IN (FROM temp.moved_documents)
    UNION
    SELECT hash(mention_id) FROM store.origins WHERE hash(origin_document_id) IN (FROM temp.moved_origins)
    UNION
    SELECT hash(mention_id) FROM fresh.main.evidence
    WHERE hash(origin_document_id) IN (FROM temp.moved_origins)
), versions AS MATERIALIZED (
    SELECT version_id FROM store.mentions WHERE hash(mention_id) IN (FROM first)
    UNION
    SELECT version_id FROM fresh.main.mentions WHERE hash(mention_id) IN (FROM first)
)
FROM first
UNION
SELECT hash(mention_id) FROM store.mentions WHERE version_id IN (FROM versions)
UNION
SELECT hash(mention_id) FROM fresh.main.mentions WHERE version_id IN (FROM versions);

-- name: claims
-- All claims that are published anew: what moved, what mentions that moved speak to or spoke to, what is
-- about names that moved.
CREATE TEMP TABLE moved_claims AS
FROM temp.moved_marked
UNION
SELECT hash(claim_id) AS key FROM store.members WHERE hash(mention_id) IN (FROM temp.moved_mentions)
UNION
SELECT hash(claim_id) FROM fresh.main.mentions
WHERE hash(mention_id) IN (FROM temp.moved_mentions) AND claim_id IS NOT NULL
UNION
SELECT hash(claim_id)
FROM (SELECT claim_id, unnest(list_concat(organisations, entities)) AS name FROM store.claims)
WHERE hash(name) IN (SELECT key FROM temp.moved WHERE kind = 'name');

-- name: counted
-- And those of which points of documents moved, or that count other documents as those of the last 48 hours,
-- since the clock has moved (`step.importance`).
CREATE TEMP TABLE moved_counts AS
WITH counted AS (
    SELECT document_id FROM store.documents
    WHERE hash(document_id) IN (FROM temp.moved_beside)
       OR (coalesce(published_at, seen_at) + INTERVAL 48 HOUR > least($before::TIMESTAMP, $clock::TIMESTAMP)
           AND coalesce(published_at, seen_at) + INTERVAL 48 HOUR
               <= greatest($before::TIMESTAMP, $clock::TIMESTAMP))
)
SELECT hash(b.claim_id) AS key FROM store.members AS b JOIN store.mentions AS m USING (mention_id)
WHERE m.document_id IN (FROM counted)
UNION
FROM temp.moved_claims;

-- name: evidence
-- The published evidence that was worked out anew, with what the index of words reads of it.
CREATE TEMP TABLE moved_evidence AS
SELECT claim_id, mention_id, quote, speaker, source, author, title FROM part.laid.here;

-- name: renamed
-- And those of which somebody who spoke is called otherwise.
CREATE TEMP TABLE moved_renamed AS
SELECT DISTINCT hash(t.claim_id) AS key
FROM fresh.main.track_record_claims AS t LEFT JOIN part.laid.voice_names AS n USING (who, who_id)
WHERE t.who <> 'source' AND t.name <> coalesce(n.name, t.who_id);
INSERT INTO temp.moved_claims FROM temp.moved_renamed WHERE key NOT IN (FROM temp.moved_claims);
INSERT INTO temp.moved_counts FROM temp.moved_renamed WHERE key NOT IN (FROM temp.moved_counts);
DROP TABLE temp.moved_renamed;

-- name: clock
SELECT max(last_seen_at) FROM store.sightings;

-- name: share
-- How much of all that is said moved.
SELECT count(*) / greatest(1, (SELECT count(*) FROM store.members))
FROM store.members
WHERE hash(claim_id) IN (FROM temp.moved_claims) OR hash(mention_id) IN (FROM temp.moved_mentions);

-- name: keep_moved
DELETE FROM fresh.kept.marks WHERE (kind, key) IN (SELECT (kind, key) FROM temp.moved);
INSERT INTO fresh.kept.marks SELECT kind, key, mark FROM temp.moved WHERE mark IS NOT NULL;
DELETE FROM fresh.kept.mentions WHERE (claim, mention) IN (SELECT (claim, mention) FROM temp.moved_said);
INSERT INTO fresh.kept.mentions SELECT claim, mention, mark FROM temp.moved_said WHERE mark IS NOT NULL;

-- name: forget
DROP TABLE IF EXISTS temp.moved_marks;
DROP TABLE IF EXISTS temp.moved;
DROP TABLE IF EXISTS temp.moved_documents;
DROP TABLE IF EXISTS temp.moved_origins;
DROP TABLE IF EXISTS temp.moved_beside;
DROP TABLE IF EXISTS temp.moved_marked;
DROP TABLE IF EXISTS temp.moved_claims;
DROP TABLE IF EXISTS temp.moved_said;
DROP TABLE IF EXISTS temp.moved_mentions;
DROP TABLE IF EXISTS temp.moved_counts;
DROP TABLE IF EXISTS temp.moved_evidence;
DROP TABLE IF EXISTS temp.moved_renamed;
