-- The rows of a night after those of sql_scale.sql, for publish_moved.py: one in a thousand of everything
-- that a night brings, made from rows that are there. Its new documents, mentions and claims bear the ids of
-- those with `-n` and the night's number behind.

CREATE OR REPLACE TEMP MACRO drawn(id) AS hash(id, getvariable('night')) % 1000 = 0;
CREATE OR REPLACE TEMP MACRO anew(id) AS id || '-n' || getvariable('night');

CREATE OR REPLACE TEMP TABLE new_mentions AS
SELECT mention_id, document_id, drawn(first_mention_id || 'founds') OR mention_id = first_mention_id AS founds
FROM store.mentions
JOIN store.members USING (mention_id)
JOIN store.claims USING (claim_id)
WHERE drawn(mention_id) AND NOT contains(mention_id, '-n');
-- Three new documents to ten new mentions: whose number leaves the same rest goes into the same.
CREATE OR REPLACE TEMP TABLE new_places AS
WITH numbered AS (
    SELECT *, row_number() OVER (ORDER BY mention_id) AS i FROM new_mentions
)
SELECT n.mention_id, n.founds, d.document_id
FROM numbered AS n
JOIN numbered AS d ON d.i = 1 + (n.i - 1) % greatest(1, (SELECT count(*) FROM numbered) * 3 // 10);

INSERT INTO store.documents BY NAME
SELECT * REPLACE (anew(document_id) AS document_id, url || '-n' || getvariable('night') AS url,
                  getvariable('seen') - INTERVAL 5 HOUR AS published_at, 'second' AS published_precision,
                  getvariable('seen') - INTERVAL 1 HOUR AS seen_at, NULL AS gone_at, NULL AS gone_after,
                  NULL AS gone_evidence, getvariable('run') AS run_id)
FROM store.documents WHERE document_id IN (SELECT document_id FROM new_places);
INSERT INTO store.versions BY NAME
SELECT * REPLACE (anew(version_id) AS version_id, anew(document_id) AS document_id,
                  md5(version_id || getvariable('night')) AS text_sha256,
                  getvariable('seen') - INTERVAL 1 HOUR AS seen_at, getvariable('run') AS run_id)
FROM store.versions WHERE number = 1 AND document_id IN (SELECT document_id FROM new_places);
INSERT INTO store.links BY NAME
SELECT * REPLACE (anew(document_id) AS document_id) FROM store.links
WHERE document_id IN (SELECT document_id FROM new_places);
INSERT INTO store.edges BY NAME
SELECT * REPLACE (anew(edge_id) AS edge_id, anew(document_id) AS document_id, getvariable('run') AS run_id)
FROM store.edges WHERE document_id IN (SELECT document_id FROM new_places);
INSERT OR REPLACE INTO store.sightings BY NAME
SELECT document_id, getvariable('seen') - INTERVAL 1 HOUR AS last_seen_at FROM store.documents
WHERE run_id = getvariable('run');

INSERT INTO store.mentions BY NAME
SELECT m.* REPLACE (anew(m.mention_id) AS mention_id, anew(p.document_id) AS document_id,
                    anew(v.version_id) AS version_id, getvariable('seen') - INTERVAL 5 HOUR AS said_at,
                    getvariable('seen') - INTERVAL 1 HOUR AS seen_at, getvariable('run') AS run_id)
FROM store.mentions AS m
JOIN new_places AS p USING (mention_id)
JOIN store.versions AS v ON v.document_id = p.document_id AND v.number = 1;
INSERT INTO store.claims BY NAME
SELECT c.* REPLACE (anew(c.claim_id) AS claim_id, c.claim || ' Again.' AS claim,
                    anew(c.first_mention_id) AS first_mention_id,
                    getvariable('seen') AS created_at, getvariable('run') AS run_id)
FROM store.claims AS c
WHERE c.claim_id IN (SELECT claim_id FROM new_places JOIN store.members USING (mention_id) WHERE founds);
INSERT INTO store.members BY NAME
SELECT b.* REPLACE (anew(b.mention_id) AS mention_id,
                    CASE WHEN p.founds THEN anew(b.claim_id) ELSE b.claim_id END AS claim_id,
                    getvariable('run') AS run_id)
FROM store.members AS b JOIN new_places AS p USING (mention_id);
INSERT INTO store.vectors
SELECT anew(v.mention_id), v.model, v.vector FROM store.vectors AS v
JOIN new_places USING (mention_id);
INSERT INTO store.evidence BY NAME
SELECT e.* REPLACE (anew(e.evidence_id) AS evidence_id, anew(e.mention_id) AS mention_id,
                    CASE WHEN p.founds THEN anew(e.claim_id) ELSE e.claim_id END AS claim_id,
                    getvariable('seen') AS weighed_at, getvariable('run') AS run_id)
FROM store.evidence AS e JOIN new_places AS p USING (mention_id);
INSERT INTO store.origins BY NAME
SELECT o.* REPLACE (anew(o.mention_id) AS mention_id,
                    CASE WHEN p.founds THEN anew(o.claim_id) ELSE o.claim_id END AS claim_id)
FROM store.origins AS o JOIN new_places AS p USING (mention_id);

-- What is told of before is judged anew, and for one in ten of these claims the status moves.
CREATE OR REPLACE TEMP TABLE judged_anew AS
SELECT DISTINCT claim_id FROM store.members WHERE run_id = getvariable('run');
INSERT INTO store.verdicts BY NAME
SELECT claim_id, getvariable('seen') AS judged_at, 0 AS step, NULL AS moved_at, getvariable('seen') AS since,
       'corroborated' AS status, 0.5 AS score, 2 AS voices, 'made' AS rule, 'Two voices carry it.' AS reason,
       [] AS evidence_ids, 'A denial.' AS would_change, getvariable('run') AS run_id
FROM judged_anew WHERE hash(claim_id) % 10 = 0 OR contains(claim_id, '-n');
INSERT OR REPLACE INTO store.judged BY NAME
SELECT claim_id, 'made' || getvariable('night') AS fingerprint, getvariable('seen') AS judged_at
FROM store.verdicts WHERE run_id = getvariable('run');
INSERT INTO store.checkworthy
SELECT claim_id, 0.5, ['kind: release'] FROM judged_anew WHERE contains(claim_id, '-n')
ON CONFLICT DO NOTHING;
INSERT INTO store.story_claims BY NAME
SELECT anew(claim_id) AS claim_id, story_id, getvariable('seen') AS since, getvariable('run') AS run_id
FROM store.story_claims WHERE anew(claim_id) IN (FROM judged_anew);

-- One document in a thousand is edited, one in three thousand is gone, one in a hundred has other points.
INSERT INTO store.versions BY NAME
SELECT * REPLACE (anew(version_id) || 'e' AS version_id, number + 1 AS number,
                  text || ' An edit.' AS text, md5(version_id || 'e') AS text_sha256,
                  seen_at AS unchanged_at, getvariable('seen') AS seen_at, getvariable('run') AS run_id)
FROM store.versions WHERE drawn(document_id || 'edited')
QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY number DESC) = 1;
INSERT INTO store.edits BY NAME
SELECT version_id, 'body' AS change, false AS noted, '' AS removed, 'An edit.' AS added FROM store.versions
WHERE run_id = getvariable('run') AND ends_with(version_id, 'e');
UPDATE store.documents SET gone_at = getvariable('seen'), gone_after = seen_at,
                           gone_evidence = 'answered 404 twice'
WHERE drawn(document_id || 'gone') AND hash(document_id) % 3 = 0;
UPDATE store.documents SET score = score + 1
WHERE hash(document_id, getvariable('night'), 'points') % 100 = 0 AND run_id <> getvariable('run')
  AND seen_at > getvariable('seen') - INTERVAL 30 DAY;

INSERT INTO store.runs BY NAME
SELECT getvariable('run') AS run_id, 'nightly' AS command, getvariable('seen') AS started_at,
       getvariable('seen') + INTERVAL 1 HOUR AS finished_at, 'ok' AS outcome, NULL AS message;
INSERT INTO store.crawls BY NAME
SELECT * REPLACE (getvariable('run') AS inbox_folder, getvariable('run') AS run_id,
                  started_at + to_days(getvariable('night')) AS started_at,
                  finished_at + to_days(getvariable('night')) AS finished_at)
FROM store.crawls WHERE run_id = '20260302T030000Z';
INSERT INTO store.stage_runs BY NAME
SELECT * REPLACE (getvariable('run') AS run_id) FROM store.stage_runs WHERE run_id = '20260302T030000Z';
INSERT INTO store.decisions BY NAME
SELECT 'x-n' || getvariable('night') AS decision_id, 'note' AS kind, min(claim_id) AS target, NULL AS value,
       'it was checked' AS reason, 'editor 1' AS editor, getvariable('seen') AS decided_at, NULL AS undone_at
FROM judged_anew;
