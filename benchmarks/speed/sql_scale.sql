-- The rows of sql_scale.py: a store of made-up news, drawn with hashes, so that each making gives the same.
-- Read from the variables mentions, claims, documents, sources and the list sentences. The names that
-- docs/sql.md asks for are the most frequent ones.
-- Heavy tails: few sources publish most, few claims are told by thousands. A claim's mentions lie in
-- documents near one another in time. Documents are numbered by time over the year that ends at 2026-03-02.

CREATE OR REPLACE TEMP MACRO u(i, salt) AS (hash(i, salt) % 1000003) / 1000003.0;
CREATE OR REPLACE TEMP MACRO picked(words, i, salt) AS words[1 + floor(u(i, salt) * len(words))::INTEGER];
CREATE OR REPLACE TEMP MACRO hexed(prefix, i) AS prefix || substring(md5(prefix || i), 1, 16);
CREATE OR REPLACE TEMP MACRO published(i) AS
    TIMESTAMP '2025-03-02' + to_seconds(floor(i * 31536000.0 / getvariable('documents'))::BIGINT);
CREATE OR REPLACE TEMP MACRO learned(i) AS
    published(i) + to_minutes(floor(-ln(1 - u(i, 'late')) * 300)::BIGINT);
CREATE OR REPLACE TEMP MACRO said(i) AS CASE WHEN u(i, 'dated') > 0.05 THEN published(i) END;
CREATE OR REPLACE TEMP MACRO night(i) AS strftime(learned(i), '%Y%m%dT030000Z');
CREATE OR REPLACE TEMP MACRO zipf(i, salt, number, power) AS floor(number * pow(u(i, salt), power))::BIGINT;
CREATE OR REPLACE TEMP MACRO organisation(c) AS
    CASE zipf(c, 'organisation', 40, 2) WHEN 0 THEN 'Aurel' WHEN 1 THEN 'DeepSeek'
        ELSE 'organisation ' || zipf(c, 'organisation', 40, 2) END;
CREATE OR REPLACE TEMP MACRO model(c) AS
    CASE zipf(c, 'model', 400, 2) WHEN 0 THEN 'Aster 4' ELSE 'Model ' || zipf(c, 'model', 400, 2) END;
CREATE OR REPLACE TEMP MACRO person(i) AS
    CASE zipf(i, 'person', 5000, 3) WHEN 0 THEN 'Ines Okafor'
        ELSE 'Person ' || zipf(i, 'person', 5000, 3) END;
CREATE OR REPLACE TEMP MACRO told(i, salt, few, more) AS
    list_aggregate(list_transform(range(few + floor(u(i, salt) * more)::BIGINT),
        lambda k: picked(getvariable('sentences'), i * 1000 + k, salt)), 'string_agg', ' ');

-- The draws that several tables need: the source of a document, the claim and document of a mention.
CREATE OR REPLACE TEMP TABLE drawn_documents AS
SELECT i, hexed('d', i) AS document_id, zipf(i, 'source', getvariable('sources'), 3) AS source
FROM range(getvariable('documents')) AS r(i);

CREATE OR REPLACE TEMP TABLE drawn_mentions AS
SELECT m.i, m.c,
       least(getvariable('documents') - 1, floor(u(m.c, 'start') * getvariable('documents')
           + -ln(1 - u(m.i, 'spread')) * getvariable('documents') / 60))::BIGINT
           AS d
FROM (
    SELECT i,
           CASE WHEN i < getvariable('claims') THEN i ELSE zipf(i, 'claim', getvariable('claims'), 3) END AS c
    FROM range(getvariable('mentions')) AS r(i)
) AS m;

INSERT INTO store.sources BY NAME
SELECT 's' || i AS source_id, 'Source ' || i AS name,
       CASE WHEN i % 20 < 4 THEN 'news'
           ELSE picked(['x', 'reddit', 'bluesky', 'mastodon', 'hackernews', 'telegram', 'blog'], i,
                       'platform') END AS platform,
       CASE WHEN i % 20 < 4 THEN 'press' WHEN i % 20 < 6 THEN 'expert' WHEN i % 20 = 6 THEN 'first_party'
           WHEN i % 20 = 7 THEN 'aggregator' WHEN i % 20 < 10 THEN 'anonymous' ELSE 'community' END AS role,
       'https://source' || i || '.example/' AS url,
       CASE WHEN i % 20 = 6 THEN organisation(i) END AS organisation
FROM range(getvariable('sources')) AS r(i);

INSERT INTO store.documents BY NAME
SELECT d.document_id, 'https://source' || d.source || '.example/' || d.document_id AS url, s.platform,
       s.source_id, s.source_id AS feed, 'author ' || zipf(d.i, 'author', 9000, 2) AS author,
       NULL AS author_name, picked(getvariable('sentences'), d.i, 'title') AS title,
       said(d.i) AS published_at,
       CASE WHEN said(d.i) IS NULL THEN 'unknown' WHEN u(d.i, 'day') < 0.1 THEN 'day' ELSE 'second' END
           AS published_precision,
       CASE WHEN said(d.i) IS NULL THEN 'unknown' ELSE 'api' END AS published_from, learned(d.i) AS seen_at,
       CASE WHEN u(d.i, 'language') < 0.85 THEN 'en'
           ELSE picked(['zh', 'de', 'fr', 'es', 'ja'], d.i, 'tongue') END AS language,
       CASE WHEN d.i > 0 AND u(d.i, 'reply') < 0.2 THEN 'https://source0.example/' || hexed('d', d.i - 1) END
           AS in_reply_to, u(d.i, 'artefact') < 0.002 AS artefact, zipf(d.i, 'score', 5000, 6) AS score,
       CASE WHEN u(d.i, 'gone') < 0.01 THEN learned(d.i) + to_hours(zipf(d.i, 'when', 2000, 3)) END
           AS gone_at, CASE WHEN u(d.i, 'gone') < 0.01 THEN learned(d.i) END AS gone_after,
       CASE WHEN u(d.i, 'gone') < 0.01 THEN 'answered 404 twice' END AS gone_evidence, night(d.i) AS run_id
FROM drawn_documents AS d
JOIN store.sources AS s ON s.source_id = 's' || d.source;

INSERT INTO store.versions BY NAME
SELECT 'v' || d.i || '-' || number AS version_id, d.document_id, number,
       picked(getvariable('sentences'), d.i, CASE number WHEN 1 THEN 'title' ELSE 'retitled' END) AS title,
       told(d.i, 'text', 2, 18) || CASE number WHEN 1 THEN '' ELSE ' ' || told(d.i, 'more', 1, 2) END AS text,
       md5(d.i || '-' || number) || md5(number || '+' || d.i) AS text_sha256,
       CASE number WHEN 2 THEN learned(d.i) + INTERVAL 1 DAY END AS unchanged_at,
       learned(d.i) + to_days(2 * (number - 1)) AS seen_at, sha256(d.i || '-' || number) AS sha256,
       'part-' || d.i // 500 || '.warc.gz#' || d.i * 977 AS warc, night(d.i) AS run_id
FROM drawn_documents AS d, (VALUES (1), (2)) AS n(number)
WHERE number = 1 OR u(d.i, 'edited') < 0.05;

INSERT INTO store.edits BY NAME
SELECT version_id,
       picked(['headline', 'body', 'headline_and_body', 'trivial'], version_id, 'change') AS change,
       u(version_id, 'noted') < 0.3 AS noted,
       picked(getvariable('sentences'), version_id, 'removed') AS removed,
       picked(getvariable('sentences'), version_id, 'added') AS added
FROM store.versions
WHERE number = 2;

INSERT INTO store.links BY NAME
SELECT DISTINCT ON (document_id, url, kind) d.document_id,
       'https://source' || zipf(d.i, k, getvariable('sources'), 3) || '.example/'
           || hexed('d', greatest(0, d.i - 1 - zipf(d.i, k, 4000, 3)))
           AS url, picked(['link', 'reply', 'repost', 'quote'], d.i, k) AS kind, 'here' AS words
FROM drawn_documents AS d, range(2) AS r(k);

INSERT INTO store.mentions BY NAME
SELECT * EXCLUDE (words, length),
       CASE part WHEN 'title' THEN 0 ELSE floor(u(mention_id, 'from') * greatest(1, length - 90))::INTEGER END
           AS start_char,
       CASE part WHEN 'title' THEN length ELSE least(length, start_char + 90) END AS end_char,
       substring(words, start_char + 1, end_char - start_char) AS quote
FROM (
    SELECT hexed('m', m.i) AS mention_id, v.version_id, d.document_id,
           CASE WHEN u(m.i, 'part') < 0.1 THEN 'title' ELSE 'text' END AS part,
           CASE part WHEN 'title' THEN v.title ELSE v.text END AS words, length(words) AS length,
           picked(getvariable('sentences'), m.c, 'claim') || ' ' || m.i % 50 AS proposition,
           picked(['release', 'delay', 'benchmark_result', 'benchmark_gaming', 'capability', 'size',
                   'training_data', 'price', 'licence', 'people', 'safety', 'deal', 'identity',
                   'other'], m.c, 'kind')
               AS kind,
           CASE WHEN u(m.i, 'who') < 0.6 THEN s.name WHEN u(m.i, 'who') < 0.85 THEN person(m.i) END
               AS speaker,
           CASE WHEN u(m.i, 'who') < 0.6 THEN s.role
               WHEN u(m.i, 'who') < 0.85 THEN picked(['first_party', 'expert', 'community'], m.i, 'role')
               ELSE 'anonymous' END AS speaker_role,
           CASE WHEN u(m.i, 'who') < 0.6 THEN s.organisation
               WHEN u(m.i, 'who') < 0.7 THEN organisation(m.c) END AS speaker_organisation,
           CASE WHEN u(m.i, 'who') BETWEEN 0.6 AND 0.85 THEN 'says' END AS speech_verb,
           CASE WHEN u(m.i, 'after') < 0.1 THEN 'a post on a forum' END AS attributed_to,
           u(m.i, 'stance') < 0.08 AS negated,
           picked(['asserted', 'asserted', 'asserted', 'hedged', 'reported', 'predicted',
                   'questioned'], m.i, 'certainty')
               AS certainty, NULL AS event_at, 'unknown' AS event_precision,
           [organisation(m.c)] AS organisations, [model(m.c)] AS entities,
           CASE WHEN u(m.c, 'numbers') < 0.3 THEN [zipf(m.c, 'number', 900, 1) || ' B'] ELSE [] END
               AS numbers, []::VARCHAR[] AS cues, CASE v.number WHEN 1 THEN said(m.d) END AS said_at,
           v.seen_at, 'made' AS model, night(m.d) AS run_id, u(m.i, 'who') < 0.6 AS by_author
    FROM drawn_mentions AS m
    JOIN drawn_documents AS d ON d.i = m.d
    JOIN store.sources AS s ON s.source_id = 's' || d.source
    JOIN store.versions AS v ON v.version_id = 'v' || m.d || CASE WHEN u(m.d, 'edited') < 0.05
        AND u(m.i, 'version') < 0.4 THEN '-2' ELSE '-1' END
);

INSERT INTO store.claims BY NAME
SELECT hexed('c', c) AS claim_id,
       picked(getvariable('sentences'), c, 'claim') || CASE any_value(w.kind) WHEN 'price' THEN ' It cost '
           ELSE ' ' END || c AS claim, any_value(w.kind) AS kind, min(w.mention_id) AS first_mention_id,
       any_value(w.organisations) AS organisations, any_value(w.entities) AS entities,
       CASE WHEN u(c, 'foretold') < 0.15 THEN min(w.seen_at) + to_days(zipf(c, 'deadline', 200, 1)) END
           AS event_at,
       CASE WHEN u(c, 'foretold') < 0.15 THEN picked(['day', 'month', 'quarter'], c, 'precision')
           ELSE 'unknown' END AS event_precision, NULL AS merged_into, min(w.seen_at) AS created_at,
       min(w.run_id) AS run_id
FROM drawn_mentions AS m
JOIN store.mentions AS w ON w.mention_id = hexed('m', m.i)
GROUP BY c;

INSERT INTO store.names
SELECT name, 'model', arg_max(organisation, claims), 'made'
FROM (SELECT entities[1] AS name, organisations[1] AS organisation, count(*) AS claims
      FROM store.claims GROUP BY ALL)
GROUP BY name;

INSERT INTO store.members BY NAME
SELECT hexed('m', i) AS mention_id, hexed('c', c) AS claim_id, 0.75 + u(i, 'near') / 4 AS similarity,
       'near' AS how, 'made' AS run_id
FROM drawn_mentions;

INSERT INTO store.evidence BY NAME
SELECT 'e' || i || '-' || n AS evidence_id, hexed('c', c) AS claim_id, hexed('m', i) AS mention_id,
       CASE WHEN u(i, 'stance') < 0.08 THEN 'denies' WHEN u(i, 'stance') < 0.15 THEN 'questions'
           WHEN u(i, 'stance') < 0.55 THEN 'reports' ELSE 'supports' END AS stance,
       0.5 + u(i, 'confidence') / 2 AS confidence, ['said', 'reportedly'] AS cues, 'made' AS model,
       learned(d) + to_days(30 * n) AS weighed_at, night(d) AS run_id
FROM drawn_mentions, range(2) AS r(n)
WHERE n = 0 OR u(i, 'again') < 0.03;

-- A claim's first document is whom the others follow.
INSERT INTO store.origins BY NAME
SELECT hexed('c', m.c) AS claim_id, hexed('m', m.i) AS mention_id,
       CASE WHEN u(m.i, 'voice') < 0.35 THEN 'source:s' || d.source
           WHEN u(m.i, 'voice') < 0.85 THEN 'source:s' || f.source ELSE 'hearsay' END AS voice,
       CASE WHEN u(m.i, 'voice') < 0.35 THEN 'Source ' || d.source
           WHEN u(m.i, 'voice') < 0.85 THEN 'Source ' || f.source ELSE 'nobody who is named' END
           AS voice_name,
       CASE WHEN u(m.i, 'voice') < 0.35 THEN d.document_id WHEN u(m.i, 'voice') < 0.85 THEN f.document_id END
           AS origin_document_id, u(m.i, 'voice') < 0.35 AS independent,
       CASE WHEN u(m.i, 'voice') < 0.35 THEN 'it speaks for itself' ELSE 'it follows an earlier document' END
           AS reason
FROM drawn_mentions AS m
JOIN drawn_documents AS d ON d.i = m.d
JOIN (SELECT c, min(d) AS d FROM drawn_mentions GROUP BY c) AS g ON g.c = m.c
JOIN drawn_documents AS f ON f.i = g.d;

INSERT INTO store.edges BY NAME
SELECT hexed('g', d.i) AS edge_id, d.document_id,
       CASE WHEN u(d.i, 'stored') < 0.7 THEN hexed('d', greatest(0, d.i - 1 - zipf(d.i, 'back', 4000, 3))) END
           AS origin_document_id,
       CASE WHEN u(d.i, 'stored') < 0.7 THEN NULL ELSE 'a post on a forum' END AS origin_name,
       picked(['link', 'reply', 'repost', 'quote', 'attribution', 'near_duplicate',
               'same_speaker'], d.i, 'edge')
           AS kind, 0.5 + u(d.i, 'strength') / 2 AS strength, 'according to' AS words, night(d.i) AS run_id
FROM drawn_documents AS d;

-- Each claim is judged one to three times; a judgement tells one to four steps anew.
INSERT INTO store.verdicts BY NAME
SELECT c.claim_id, c.created_at + to_days(n * 9) AS judged_at, step,
       CASE WHEN u(c.claim_id, step || 'dated') > 0.05 THEN c.created_at + to_hours(step * 40) END
           AS moved_at, c.created_at + to_hours(step * 40) AS since,
       CASE WHEN step = 0 THEN 'unverified'
           ELSE picked(['unverified', 'unverified', 'corroborated', 'disputed', 'substantiated',
               'contradicted', 'retracted', 'expired'], c.claim_id, step) END
           AS status, u(c.claim_id, step || 'score') AS score, 1 + step AS voices, 'made' AS rule,
       picked(getvariable('sentences'), c.claim_id, step || 'reason') AS reason,
       list_transform(range(1 + step), lambda k: c.first_mention_id || k) AS evidence_ids,
       'A second independent voice.' AS would_change, c.run_id
FROM store.claims AS c, range(3) AS r(n), range(4) AS q(step)
WHERE u(c.claim_id, 'judged') >= n / 3.0 AND step <= zipf(c.claim_id, 'steps', 4, 2);

INSERT INTO store.judged BY NAME
SELECT claim_id, 'made' AS fingerprint, max(judged_at) AS judged_at
FROM store.verdicts
GROUP BY claim_id;

INSERT INTO store.checkworthy BY NAME
SELECT claim_id, u(claim_id, 'worth') AS checkworthy, ['kind: release', 'names: a model'] AS why
FROM store.claims;

INSERT INTO store.rivals BY NAME
SELECT CASE back WHEN 0 THEN a ELSE b END AS claim_id, CASE back WHEN 0 THEN b ELSE a END AS rival_id, slot,
       words
FROM (
    SELECT hexed('c', c) AS a, hexed('c', c + 1) AS b,
           picked(['number', 'date', 'version'], c, 'slot') AS slot, c || ' against ' || c + 1 AS words
    FROM range(0, getvariable('claims') - 1, 5) AS r(c)) AS p, range(2
) AS r(back);

-- Claims of a release or a delay, the rungs that some reached, and what became of those that name a time.
INSERT INTO store.releases BY NAME
SELECT claim_id, entities[1] AS model, organisations[1] AS organisation, lower(entities[1]) AS release_key,
       picked(['announced', 'preview', 'api', 'open_weights'], claim_id, 'rung') AS rung,
       CASE
           WHEN u(claim_id, 'reached') < 0.4 THEN picked(['string_found', 'announced', 'preview', 'api',
               'open_weights'], claim_id, 'is') END
           AS rung_reached
FROM store.claims
WHERE kind IN ('release', 'delay');

INSERT INTO store.rungs BY NAME
SELECT r.claim_id, r.rung_reached AS rung, c.created_at AS reached_at, true AS said, m.document_id,
       'e' AS evidence_id, m.quote AS words
FROM store.releases AS r
JOIN store.claims AS c USING (claim_id)
JOIN store.mentions AS m ON m.mention_id = c.first_mention_id
WHERE r.rung_reached IS NOT NULL;

INSERT INTO store.resolutions BY NAME
SELECT claim_id, created_at AS seen_at, event_at AS deadline, event_precision AS precision,
       CASE
           WHEN u(claim_id, 'void') < 0.3
           THEN picked(['no_subject', 'no_time', 'unknown_publication'], claim_id, 'why') END AS void, run_id
FROM store.claims
WHERE event_at IS NOT NULL;

INSERT INTO store.resolution_texts BY NAME
SELECT claim_id, 1 AS number, seen_at AS written_at, 'rules-0' AS rules, 'Decides: A release page.' AS text,
       'first seen' AS why, run_id
FROM store.resolutions;

INSERT INTO store.outcomes BY NAME
SELECT claim_id,
       CASE WHEN void IS NOT NULL THEN 'void' WHEN deadline > TIMESTAMP '2026-03-02' THEN 'open'
           ELSE picked(['met', 'missed', 'missed'], claim_id, 'came') END AS state, NULL AS resolved_at,
       'it was looked for' AS reason
FROM store.resolutions;

INSERT INTO store.rewordings BY NAME
SELECT e.claim_id, e.evidence_id, m.document_id, v.version_id, m.quote AS before,
       'reportedly ' || m.quote AS after, u(m.mention_id, 'hedged') < 0.5 AS hedged, w.noted, v.unchanged_at,
       v.seen_at
FROM store.evidence AS e
JOIN store.mentions AS m USING (mention_id)
JOIN store.versions AS v ON v.document_id = m.document_id AND v.number = 2
JOIN store.edits AS w ON w.version_id = v.version_id
WHERE ends_with(m.version_id, '-1') AND u(m.mention_id, 'reworded') < 0.3;

INSERT INTO store.runs BY NAME
SELECT strftime(day, '%Y%m%dT030000Z') AS run_id, 'nightly' AS command, day + INTERVAL 3 HOUR AS started_at,
       day + INTERVAL 4 HOUR AS finished_at, 'ok' AS outcome, NULL AS message
FROM range(TIMESTAMP '2025-03-02', TIMESTAMP '2026-03-03', INTERVAL 1 DAY) AS r(day);

INSERT INTO store.stage_runs BY NAME
SELECT run_id, stage, 900 AS inputs, 880 AS done, 20 AS skipped, 0 AS failed, 12.5 AS seconds, '{}' AS detail
FROM store.runs,
     (VALUES ('ingest'), ('extract'), ('cluster'), ('weigh'), ('trace'), ('judge'), ('publish')) AS s(stage);

INSERT INTO store.crawls BY NAME
SELECT r.run_id AS inbox_folder, r.run_id, 's' || s AS feed, r.started_at + to_seconds(s) AS started_at,
       r.started_at + to_seconds(s + 30) AS finished_at,
       CASE WHEN u(s, r.run_id) < 0.03 THEN 'failed' WHEN u(s, r.run_id) < 0.05 THEN 'partial' ELSE 'ok' END
           AS outcome, CASE WHEN u(s, r.run_id) < 0.03 THEN 0 ELSE 9 END AS documents, 12 AS requests,
       CASE WHEN u(s, r.run_id) < 0.05 THEN 'answered 503 three times' END AS message,
       CASE WHEN u(s, r.run_id) >= 0.03 THEN 30 END AS listed, 10 AS expect_min, 100 AS expect_max
FROM store.runs AS r, range(200) AS f(s);

INSERT INTO store.issues BY NAME
SELECT 'i' || run_id || feed AS issue_id, run_id, started_at AS seen_at, 'crawl' AS stage,
       'error' AS severity, 'http_503' AS code, feed AS source_id, 'https://x.example/' AS place, message,
       inbox_folder
FROM store.crawls
WHERE message IS NOT NULL;

INSERT INTO store.decisions BY NAME
SELECT 'x' || c AS decision_id, CASE c % 3 WHEN 0 THEN 'stance' WHEN 1 THEN 'note' ELSE 'status' END AS kind,
       CASE c % 3 WHEN 0 THEN hexed('m', c) ELSE hexed('c', c) END AS target,
       CASE c % 3 WHEN 0 THEN 'supports' WHEN 1 THEN NULL ELSE 'disputed' END AS value,
       'it was checked' AS reason, 'editor ' || c % 7 AS editor,
       TIMESTAMP '2025-06-01' + to_hours(c) AS decided_at, NULL AS undone_at
FROM range(least(1500, getvariable('claims'))) AS r(c);

-- Claims about one model in one fortnight are a story, where there are several.
INSERT INTO store.story_claims BY NAME
SELECT claim_id, hexed('y', hash(entities[1], epoch(created_at)::BIGINT // 1209600)) AS story_id,
       created_at AS since, run_id
FROM store.claims
QUALIFY count(*) OVER (PARTITION BY story_id) > 1;

INSERT INTO store.stories BY NAME
SELECT s.story_id, arg_min(c.claim, c.claim_id) AS title, NULL AS split_from, min(s.since) AS created_at,
       min(s.run_id) AS run_id
FROM store.story_claims AS s JOIN store.claims AS c USING (claim_id)
GROUP BY s.story_id;
