-- name: keys
-- The key of the parent (`step.parent_key`) of every organisation, worked out once a name: the pattern of a
-- key takes longer to prepare than most statements take to run.
CREATE OR REPLACE TEMP TABLE organisation AS
SELECT name, step.name_key(parent) AS key
FROM (
    SELECT name, step.parent(name) AS parent
    FROM (
        SELECT organisation AS name FROM store.sources
        UNION
        SELECT speaker_organisation FROM store.mentions
        UNION
        SELECT unnest(list_concat(organisations, entities)) FROM store.claims
        UNION
        SELECT owner FROM store.names
    )
    WHERE name IS NOT NULL
);

-- name: parties
-- Whom each claim is about, by their parents (`step.parent`): its organisations, and the `boards` on which a
-- result is claimed, or that had a code name. A board is no party to these, except for its own models.
CREATE OR REPLACE TEMP TABLE party AS
WITH named AS (
    SELECT c.claim_id, c.kind IN ('benchmark_result', 'identity') AS result,
           list_contains(c.organisations, o.name) AS party,
           o.name, coalesce(n.type, 'unknown') AS type, n.owner
    FROM (SELECT *, unnest(list_distinct(list_concat(organisations, entities))) AS name
          FROM store.claims) AS o
    JOIN store.claims AS c USING (claim_id)
    LEFT JOIN store.names AS n ON n.name = o.name
), parents AS (
    SELECT claim_id, list(DISTINCT key) AS organisations
    FROM named JOIN organisation USING (name)
    WHERE party AND NOT (result AND type = 'evaluator')
    GROUP BY claim_id
), board AS (
    SELECT n.claim_id, list(DISTINCT o.key) AS boards
    FROM named AS n
    JOIN organisation AS o ON o.name = CASE n.type WHEN 'evaluator' THEN n.name ELSE n.owner END
    WHERE n.result AND (n.type = 'evaluator' OR (n.type = 'benchmark' AND n.owner IS NOT NULL))
    GROUP BY claim_id
)
SELECT c.claim_id, list_sort(list_filter(coalesce(h.organisations, []), lambda key: key IS NOT NULL))
           AS organisations,
       list_sort(list_filter(coalesce(b.boards, []), lambda key: key IS NOT NULL
                             AND NOT list_contains(coalesce(h.organisations, []), key))) AS boards
FROM store.claims AS c
LEFT JOIN parents AS h USING (claim_id)
LEFT JOIN board AS b USING (claim_id);

-- name: ruled
-- The mentions on whose stance an editor decided, also where the machine had said the same, or those that
-- stand for them.
CREATE OR REPLACE TEMP TABLE ruled AS
SELECT coalesce(r.by_id, d.target) AS mention_id
FROM (
    SELECT target FROM step.decided WHERE $known::TIMESTAMP IS NULL AND kind = 'stance'
    UNION
    SELECT target FROM store.decisions
    WHERE kind = 'stance' AND decided_at <= $known AND (undone_at IS NULL OR undone_at > $known)
) AS d
LEFT JOIN step.repeated AS r ON r.mention_id = d.target;

-- name: present
-- How each piece of evidence bears on its claim, as things stand: what may change from night to night.
-- `edited` marks words that the newest version of their document has no more. First party is who belongs to
-- an organisation of the claim, whatever the sentence alone made of the speaker. What was gathered, and what
-- stands against the claim, decides nothing where the model is not sure enough of its side: what supports is
-- left out, and what stands against the claim is `weak`, for the reason to tell of it. What the claim was
-- made of is neither. Words that were missing already when the text was read anew were lost by
-- the reading: no later edit took them away.
CREATE OR REPLACE TEMP TABLE bearing AS
WITH newest AS (
    SELECT document_id, title, text, number, extent
    FROM store.versions
    ANTI JOIN (SELECT version_id FROM store.edits WHERE change = 'trivial') AS trivial USING (version_id)
    WHERE number > 1 AND read_anew IS NULL
    QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY number DESC) = 1
), evaluator AS (
    SELECT DISTINCT step.name_key(name) AS organisation FROM store.names WHERE type = 'evaluator'
), said AS (
    SELECT t.claim_id, t.evidence_id, t.mention_id, t.stance, m.document_id, m.version_id, m.part, m.quote,
           m.speaker, m.speaker_role, s.role AS source_role, d.gone_at IS NOT NULL AS gone,
           coalesce(p.key, CASE WHEN m.by_author OR m.speaker = s.name THEN o.key END) AS organisation,
           t.mention_id NOT IN (FROM ruled) AND t.mention_id <> c.first_mention_id
               AND t.confidence < CASE
                   WHEN t.stance IN ('denies', 'questions') THEN
                       CASE WHEN b.how <> 'gathered' THEN $weighed_against
                           WHEN c.first_mention_id = '' THEN $followed_against ELSE $gathered_against END
                   WHEN b.how = 'gathered' THEN $gathered
                   ELSE 0 END AS weak
    FROM step.stances AS t
    JOIN store.mentions AS m USING (mention_id)
    JOIN store.documents AS d ON d.document_id = m.document_id
    JOIN store.sources AS s ON s.source_id = d.source_id
    JOIN store.members AS b ON b.mention_id = t.mention_id
    JOIN store.claims AS c ON c.claim_id = t.claim_id
    LEFT JOIN organisation AS p ON p.name = m.speaker_organisation
    LEFT JOIN organisation AS o ON o.name = s.organisation
)
SELECT e.claim_id, e.evidence_id, e.mention_id, e.stance,
       coalesce(o.voice, 'hearsay') AS voice, coalesce(o.voice_name, 'unattributed rumour') AS voice_name,
       coalesce(o.independent, false) AS independent,
       CASE WHEN e.speaker IS NOT NULL AND list_contains(c.organisations, e.organisation) THEN 'first_party'
            WHEN e.organisation IN (FROM evaluator) THEN 'expert'
            WHEN e.speaker_role <> 'first_party' THEN e.speaker_role
            WHEN e.source_role <> 'first_party' THEN e.source_role
            ELSE 'community' END AS role,
       e.gone,
       coalesce(n.number > v.number AND n.extent = v.extent
                AND NOT contains(CASE e.part WHEN 'title' THEN n.title ELSE n.text END, e.quote)
                AND (
                    SELECT arg_min_null(r.read_anew, r.number) FROM store.versions AS r
                    WHERE r.document_id = e.document_id AND r.number > v.number
                        AND NOT contains(CASE e.part WHEN 'title' THEN coalesce(r.title, '') ELSE r.text END,
                                         e.quote)
                ) IS NULL, false) AS edited,
       e.weak
FROM said AS e
JOIN party AS c USING (claim_id)
JOIN store.versions AS v ON v.version_id = e.version_id
LEFT JOIN store.origins AS o ON o.claim_id = e.claim_id AND o.mention_id = e.mention_id
LEFT JOIN newest AS n ON n.document_id = e.document_id
WHERE NOT e.weak OR e.stance IN ('denies', 'questions');

-- name: recalled
-- The same as it was known at a time.
CREATE OR REPLACE TEMP TABLE bearing AS
SELECT claim_id, evidence_id, mention_id, stance, voice, voice_name, independent, role, gone, edited, weak
FROM (
    SELECT * FROM store.knowledge WHERE known_at <= $known
    QUALIFY row_number() OVER (PARTITION BY claim_id, evidence_id ORDER BY known_at DESC) = 1
)
WHERE present;

-- name: judging
-- All evidence as the rules read it. What an edited version says was said some time before we saw it, and so
-- was what is dated by a month or a year: its time is not known. `own_work`: the authors of an artefact speak
-- of what it shows as theirs. `sure`: whether it may settle anything. What the claim was made of may, as
-- long as it bears out the whole of the words that the claim is told in by now ($whole); what was gathered
-- where the passage itself names what the claim is about and the model is sure enough of its stance; and all
-- that an editor decided on. What supports may only where it bears out the whole of the claim ($whole;
-- $followed_whole of one that an editor follows). Another mention against it that was put with the claim may
-- where its quote and `proposition` say the same. `ruled`: an editor decided on its stance.
CREATE OR REPLACE TEMP TABLE judging AS
WITH below AS (
    SELECT e.claim_id, e.stance IN ('denies', 'questions') AS against, m.version_id,
           min(m.certainty) FILTER (WHERE m.certainty NOT IN ('asserted', 'predicted')) AS certainty
    FROM bearing AS e
    JOIN store.mentions AS m USING (mention_id)
    WHERE m.part = 'text'
    GROUP BY e.claim_id, against, m.version_id
    HAVING NOT bool_or(e.stance IN ('supports', 'denies') AND m.certainty IN ('asserted', 'predicted'))
)
SELECT e.claim_id, e.evidence_id, m.document_id, e.stance,
       CASE WHEN (v.number = 1 OR v.read_anew = 'fuller') AND step.to_the_day(d.published_precision)
           THEN coalesce(m.said_at, m.seen_at) ELSE v.seen_at END AS "at",
       (v.number = 1 OR coalesce(v.read_anew = 'fuller', false))
           AND step.to_the_day(d.published_precision)
           AND m.said_at IS NOT NULL AS said,
       e.voice, e.voice_name, e.independent, e.role,
       coalesce(y.key, CASE WHEN m.by_author OR m.speaker = s.name THEN o.key END) AS organisation,
       coalesce(m.by_author OR m.speaker = s.name, false) AS by_author,
       -- A headline is as sure as what stands below it on the claim.
       CASE WHEN m.part = 'title' THEN coalesce(t.certainty, m.certainty) ELSE m.certainty END AS certainty,
       m.speech_verb, m.quote,
       m.numbers, s.name AS source, s.source_id, d.platform, s.role AS source_role,
       o.key AS source_organisation, d.artefact,
       e.gone, e.edited,
       d.artefact AND regexp_matches(
           v.text,
           '(?i)\b(?:we|our team)\s+(?:\w+\s+){0,3}?(?:introduce|present|release|propose|train(?:ed)?|develop'
           '(?:ed)?|built|build|open[- ]source)\b|\bour (?:\w+ )?(?:model|models|system|family)\b'
       ) AS own_work,
       e.mention_id IN (FROM ruled) OR coalesce(b.how IN ('merge', 'move'), false)
           OR (m.mention_id = c.first_mention_id
               AND (e.stance <> 'supports' OR coalesce(n.probability, 1) >= $whole))
           OR ((e.stance <> 'supports' OR coalesce(n.probability >= CASE
                    WHEN c.first_mention_id = '' THEN $followed_whole ELSE $whole END, false))
               AND CASE WHEN p.how IS DISTINCT FROM 'gathered' THEN e.stance = 'supports'
                   ELSE w.confidence >= CASE WHEN e.stance = 'supports' THEN $settles_for
                            WHEN c.first_mention_id = '' THEN $followed_settles_against
                            ELSE $settles_against END
                       AND list_has_any(list_concat(m.entities, m.organisations),
                                        list_concat(c.entities, c.organisations)) END) AS sure,
       e.mention_id IN (FROM ruled) AS ruled, e.weak,
       CASE WHEN p.how IS DISTINCT FROM 'gathered' AND e.stance <> 'supports' THEN m.proposition END
           AS proposition,
       step.said_earliest(m.said_at, d.published_at, d.published_precision, d.not_before,
                          v.number > 1 AND v.read_anew IS NULL, v.unchanged_at)
           AS said_earliest,
       step.said_latest(m.said_at, d.published_at, d.published_precision, d.not_before, v.seen_at)
           AS said_latest
FROM bearing AS e
JOIN store.claims AS c ON c.claim_id = e.claim_id
JOIN store.evidence AS w ON w.evidence_id = e.evidence_id
JOIN store.mentions AS m ON m.mention_id = e.mention_id
LEFT JOIN below AS t ON t.claim_id = e.claim_id AND t.version_id = m.version_id
    AND t.against = e.stance IN ('denies', 'questions')
LEFT JOIN store.entailments AS n ON n.evidence_id = e.evidence_id
LEFT JOIN store.placements AS p ON p.mention_id = e.mention_id
LEFT JOIN store.members AS b ON b.mention_id = e.mention_id AND b.claim_id = e.claim_id
JOIN store.documents AS d ON d.document_id = m.document_id
JOIN store.sources AS s ON s.source_id = d.source_id
JOIN store.versions AS v ON v.version_id = m.version_id
LEFT JOIN organisation AS y ON y.name = m.speaker_organisation
LEFT JOIN organisation AS o ON o.name = s.organisation;

-- name: telling
-- What may tell, in words that belong to other claims or to none, that a release is there which a claim had
-- foretold: plain words on a release of something that the claim names, said after it was foretold and before
-- its time was over.
CREATE OR REPLACE TEMP TABLE telling AS
WITH dated AS (
    SELECT c.claim_id, unnest(c.entities) AS entity, c.event_at, min(j."at") AS since
    FROM store.claims AS c
    JOIN judging AS j USING (claim_id)
    WHERE c.kind = 'release' AND c.event_at IS NOT NULL AND c.merged_into IS NULL
      AND j.stance IN ('supports', 'reports')
    GROUP BY c.claim_id, c.entities, c.event_at
), released AS (
    SELECT mention_id, document_id, quote, said_at, unnest(entities) AS entity
    FROM store.mentions
    WHERE kind = 'release' AND certainty = 'asserted' AND NOT negated AND said_at IS NOT NULL
      AND ($known::TIMESTAMP IS NULL OR seen_at <= $known)
)
SELECT DISTINCT d.claim_id, r.mention_id, r.quote, r.said_at AS "at", s.name AS source
FROM dated AS d
JOIN released AS r ON r.entity = d.entity AND r.said_at > d.since AND r.said_at <= d.event_at + INTERVAL 1 DAY
JOIN store.documents AS u ON u.document_id = r.document_id
JOIN store.sources AS s ON s.source_id = u.source_id
ANTI JOIN store.members AS b ON b.mention_id = r.mention_id AND b.claim_id = d.claim_id;

-- name: tellings
SELECT * FROM telling WHERE claim_id IN (SELECT unnest($claims)) ORDER BY claim_id, "at", mention_id;

-- name: rivals
-- Pairs of which only one may be true: another number of the same kind of figure, or another date of the same
-- kind of event, in a sentence that is the same beside it; or another model that a code name is to be. A pair
-- was known as soon as both of its claims were.
WITH pair AS (
    SELECT claim_id, rival_id, slot FROM step.rivals WHERE $known::TIMESTAMP IS NULL
    UNION
    SELECT rival_id, claim_id, slot FROM step.rivals WHERE $known::TIMESTAMP IS NULL
    UNION
    SELECT claim_id, rival_id, slot FROM store.rivals WHERE $known::TIMESTAMP IS NOT NULL
    UNION
    SELECT rival_id, claim_id, slot FROM store.rivals WHERE $known::TIMESTAMP IS NOT NULL
)
SELECT DISTINCT p.claim_id, p.rival_id, p.slot
FROM pair AS p
JOIN store.claims AS a ON a.claim_id = p.claim_id
JOIN store.claims AS b ON b.claim_id = p.rival_id
WHERE p.claim_id IN (SELECT unnest($claims)) AND a.kind = b.kind
  AND CASE WHEN $known::TIMESTAMP IS NULL THEN b.merged_into IS NULL
      ELSE greatest(a.created_at, b.created_at) <= $known END
  AND ((p.slot = 'number' AND a.kind IN ('size', 'price', 'deal'))
       OR (p.slot = 'date' AND a.kind IN ('release', 'delay'))
       OR (p.slot = 'identity' AND a.kind = 'identity'))
ORDER BY p.claim_id, p.rival_id, p.slot;

-- name: claims
SELECT claim_id, c.claim, c.kind, p.organisations, c.entities, c.event_at, c.event_precision,
       c.organisations AS organisation_names, p.boards
FROM store.claims AS c
JOIN party AS p USING (claim_id)
WHERE claim_id IN (SELECT unnest($claims))
ORDER BY claim_id;

-- name: items
SELECT * FROM judging WHERE claim_id IN (SELECT unnest($claims)) ORDER BY claim_id, "at", evidence_id;

-- name: pages
-- The release pages of the organisations, a row for each version; `name` is its title, or the end of the
-- page's URL, `text` its beginning and end. The first version, and one of which more could be read
-- (`fuller`), is as old as the page; one that a newer reader read may be; any other was not there while the
-- one before it was, and surely when it was seen.
WITH page AS (
    SELECT d.document_id, d.url, o.key AS organisation, d.platform, d.seen_at, d.not_before,
           greatest(d.published_at, d.not_before) AS published_at,
           step.to_the_day(d.published_precision) AS dated
    FROM store.documents AS d
    JOIN store.sources AS s USING (source_id)
    JOIN organisation AS o ON o.name = s.organisation
    WHERE d.artefact AND o.key IN (SELECT unnest($organisations))
), version AS (
    SELECT v.document_id, v.number, v.title, v.text, v.seen_at, v.read_anew,
           coalesce(v.unchanged_at, lag(v.seen_at) OVER (PARTITION BY v.document_id ORDER BY v.number))
               AS unchanged_at,
           -- More of a text that was edited meanwhile is no older than that edit.
           bool_and(v.number = 1 OR coalesce(v.read_anew = 'fuller', false)) OVER (
               PARTITION BY v.document_id ORDER BY v.number) AS first
    FROM store.versions AS v
    SEMI JOIN page USING (document_id)
    WHERE $known::TIMESTAMP IS NULL OR v.seen_at <= $known
)
SELECT p.document_id, coalesce(v.title, regexp_extract(p.url, '([^/]+)/?$', 1)) AS name, p.url,
       p.organisation, CASE WHEN v.first AND p.dated THEN p.published_at WHEN v.first THEN p.seen_at
           ELSE v.seen_at END AS "at",
       v.first AND p.dated AS said,
       CASE WHEN v.first THEN p.not_before
           WHEN v.read_anew IS NULL THEN v.unchanged_at
           WHEN p.dated THEN p.published_at
           ELSE p.not_before END AS not_before,
       p.platform,
       CASE WHEN length(v.text) > 3000 THEN left(v.text, 2000)
           || chr(10) || right(v.text, 1000) ELSE v.text END AS text
FROM page AS p
JOIN version AS v USING (document_id)
ORDER BY "at", p.document_id, v.number;

-- name: losing
-- For each time that a later version of their document lost the words of a piece of evidence: that version,
-- the one before, and when they were seen to stand there again. What a text that was read anew lacked before
-- that is left out.
CREATE OR REPLACE TEMP TABLE losing AS
WITH gone AS (
    SELECT k.claim_id, k.evidence_id, m.document_id, m.version_id, m.quote, m.part, v.number,
           v.extent
    FROM bearing AS k
    JOIN store.mentions AS m USING (mention_id)
    JOIN store.versions AS v ON v.version_id = m.version_id
    WHERE NOT k.weak
), later AS (
    SELECT n.version_id, n.document_id, n.number, n.title, n.text, n.extent, n.unchanged_at, n.seen_at,
           coalesce(e.noted, false) AS noted
    FROM store.versions AS n
    LEFT JOIN store.edits AS e USING (version_id)
    WHERE n.number > 1 AND n.read_anew IS NULL AND coalesce(e.change, 'body') <> 'trivial'
        AND ($known::TIMESTAMP IS NULL OR n.seen_at <= $known)
), told AS (
    SELECT g.*, n.version_id AS new_version_id, n.number AS new_number, n.title, n.text, n.unchanged_at,
           n.seen_at, n.noted, n.extent AS new_extent,
           contains(CASE g.part WHEN 'title' THEN coalesce(n.title, '') ELSE n.text END, g.quote) AS stands
    FROM gone AS g
    JOIN later AS n ON n.document_id = g.document_id AND n.number > g.number
), turned AS (
    SELECT t.*, lag(t.stands, 1, true) OVER versions AS stood,
           min(t.seen_at) FILTER (t.stands) OVER (versions ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
               AS restored_at
    FROM told AS t
    WHERE t.stands OR (t.new_extent = t.extent AND NOT EXISTS (
        FROM store.versions AS r
        WHERE r.document_id = t.document_id AND r.read_anew IS NOT NULL
            AND r.number > t.number AND r.number < t.new_number
            AND NOT contains(CASE t.part WHEN 'title' THEN coalesce(r.title, '') ELSE r.text END, t.quote)))
    WINDOW versions AS (PARTITION BY t.claim_id, t.evidence_id ORDER BY t.new_number)
)
SELECT t.claim_id, t.evidence_id, t.document_id, t.quote, t.part, t.new_version_id AS version_id,
       t.unchanged_at, t.seen_at, t.noted, b.title AS before_title, b.text AS before_text, t.title, t.text,
       t.restored_at
FROM turned AS t
JOIN store.versions AS b ON b.document_id = t.document_id AND b.number = t.new_number - 1
WHERE t.stood AND NOT t.stands;

-- name: lost
SELECT * FROM losing WHERE claim_id IN (SELECT unnest($claims)) ORDER BY claim_id, evidence_id, seen_at;

-- name: rulings
-- The decisions on the claims' status that stand, or that stood at a time.
SELECT target, value, editor, reason, decided_at
FROM step.decided
WHERE $known::TIMESTAMP IS NULL AND kind = 'status' AND target IN (SELECT unnest($claims))
UNION ALL
SELECT target, arg_max(value, (decided_at, decision_id)), arg_max(editor, (decided_at, decision_id)),
       arg_max(reason, (decided_at, decision_id)), max(decided_at)
FROM store.decisions
WHERE kind = 'status' AND target IN (SELECT unnest($claims)) AND decided_at <= $known
    AND (undone_at IS NULL OR undone_at > $known)
GROUP BY target;

-- name: drop
DROP TABLE judging; DROP TABLE bearing; DROP TABLE losing; DROP TABLE party;
DROP TABLE organisation; DROP TABLE ruled; DROP TABLE telling;
