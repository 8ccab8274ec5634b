-- Documents and what is read in them: versions, edits, links, mentions, evidence.

-- Every id and address by which a document is meant: those that are stored, those that lead to the same page,
-- those that were followed to it, and the ids that it had before. Of several documents of one page it is the
-- one collected first.
CREATE OR REPLACE VIEW addresses AS
WITH page AS (
    SELECT coalesce(page, url) AS page, arg_min(document_id, (seen_at, document_id)) AS document_id
    FROM store.documents
    WHERE url IS NOT NULL
    GROUP BY ALL
), followed AS (
    SELECT coalesce(f.page, a.url) AS page, min(o.document_id) AS document_id
    FROM store.aliases AS a
    LEFT JOIN store.pages AS f ON f.url = a.url
    LEFT JOIN store.pages AS t ON t.url = a.leads_to
    JOIN page AS o ON o.page = coalesce(t.page, a.leads_to)
    GROUP BY ALL
), place AS (
    FROM page
    UNION ALL
    FROM followed ANTI JOIN page USING (page)
)
SELECT page AS address, document_id FROM place
UNION
SELECT p.url, o.document_id FROM store.pages AS p JOIN place AS o USING (page)
UNION
SELECT document_id, document_id FROM store.documents
UNION
SELECT earlier_id, document_id FROM store.earlier_ids;

-- The stored documents that documents answer.
CREATE OR REPLACE VIEW step.answers AS
SELECT d.document_id, a.document_id AS answered_id
FROM store.documents AS d
LEFT JOIN store.pages AS p ON p.url = d.in_reply_to
JOIN (
    SELECT coalesce(page, url) AS place, document_id FROM store.documents
    UNION ALL
    SELECT document_id, document_id FROM store.documents
    UNION ALL
    SELECT earlier_id, document_id FROM store.earlier_ids
) AS a ON a.place = coalesce(p.page, d.in_reply_to);

-- What words stand in, as models read it with them: the characters that touch them in their part, and the
-- newest text of the document that theirs, `answering`, answers.
CREATE OR REPLACE MACRO step.words_before(part, "text", start_char) AS CASE WHEN part = 'text'
    THEN substr("text", greatest(start_char - 200, 0) + 1, least(start_char, 200)) END;
CREATE OR REPLACE MACRO step.answered_words(title, "text") AS left(concat_ws('. ', title, "text"), 600);
CREATE OR REPLACE MACRO step.answered_text(answering) AS (
    SELECT arg_max(step.answered_words(answered.title, answered.text), answered.number)
    FROM step.answers AS theirs
    JOIN store.versions AS answered ON answered.document_id = theirs.answered_id
    WHERE theirs.document_id = answering
);

CREATE OR REPLACE VIEW documents AS
SELECT d.document_id, d.url, d.platform, step.source_name(s.name) AS source, d.source_id, d.feed,
       step.shown_name(d.author) AS author, step.shown_name(d.author_name) AS author_name,
       d.title, d.published_at, d.published_precision, d.published_from, d.not_before, d.seen_at, d.language,
       d.in_reply_to,
       d.artefact, d.score, v.versions, v.extent, d.gone_at, d.gone_after, d.gone_evidence
FROM store.documents AS d
JOIN store.sources AS s USING (source_id)
JOIN (SELECT document_id, count(*) AS versions, arg_max(extent, number) AS extent
      FROM store.versions GROUP BY document_id) AS v
    USING (document_id);

CREATE OR REPLACE VIEW versions AS
SELECT version_id, document_id, number, title, headline, text, extent, read_anew, modified_at,
       modified_precision, unchanged_at, seen_at, text_sha256, sha256, warc
FROM store.versions;

-- One row for each version after the first that may be an edit; `change` is null where it was not compared
-- with the one before it yet.
CREATE OR REPLACE VIEW edits AS
SELECT v.version_id, v.document_id, d.url, step.source_name(s.name) AS source, v.number, e.change,
       v.unchanged_at, v.seen_at, e.noted, e.removed, e.added
FROM store.versions AS v
JOIN store.documents AS d USING (document_id)
JOIN store.sources AS s USING (source_id)
LEFT JOIN store.edits AS e USING (version_id)
WHERE v.number > 1 AND v.read_anew IS NULL;

CREATE OR REPLACE VIEW links AS
SELECT l.document_id, l.url, l.kind, l.words FROM store.links AS l;

-- Every sentence or short post that may speak to a claim, whether or not it does so today.
CREATE OR REPLACE VIEW passages AS
SELECT passage_id, document_id, version_id, part, start_char, end_char, names, organisations, inherited,
       numbers,
       language, said_at, seen_at
FROM store.passages;

-- Mentions, as they were judged: each has the kind that the founding model gave it, with the rules' beside
-- it, where the model gave one.
CREATE OR REPLACE VIEW step.mentions AS
SELECT m.* REPLACE (coalesce(f.kind, m.kind) AS kind), if(f.kind IS NULL, NULL, m.kind) AS kind_by_rule,
       f.founds, f.reason
FROM store.mentions AS m LEFT JOIN store.foundings AS f USING (mention_id);

-- The words of a document stay, whatever editors decide; our own sentence goes with a claim that they hid.
CREATE OR REPLACE VIEW mentions AS
SELECT m.mention_id, m.document_id, m.version_id, m.part, m.start_char, m.end_char, m.quote,
       if(d.claim_id IS NULL, m.proposition, NULL) AS proposition,
       m.kind, m.speaker, m.speaker_role, m.speaker_organisation, m.speech_verb,
       m.attributed_to, m.negated, m.certainty, m.event_at, m.event_precision, m.organisations, m.entities,
       m.numbers, m.said_at, m.seen_at, b.claim_id, b.similarity,
       CASE WHEN m.founds THEN NULL WHEN m.reason IN ('reworded', 'repeats', 'asks', 'points')
            THEN m.reason
            WHEN NOT m.founds THEN 'unsound' END AS withheld
FROM step.mentions AS m
LEFT JOIN store.members AS b USING (mention_id)
LEFT JOIN step.hidden AS d ON d.claim_id = b.claim_id;

-- What became of everything that could found a claim: sentences as they were judged, and the passages of
-- which none was written. What an earlier Rumortrail withheld has no reason.
CREATE OR REPLACE VIEW foundings AS
WITH became AS (
    SELECT CASE WHEN founds THEN 'founds' WHEN reason IN ('reworded', 'repeats', 'asks', 'points') THEN reason
                ELSE 'unsound' END AS outcome,
           count(*) AS amount
    FROM store.foundings GROUP BY ALL
    UNION ALL
    SELECT CASE WHEN p.language IN ('en', 'zh') THEN 'no_sentence' ELSE 'other_language' END, count(*)
    FROM store.passages AS p
    ANTI JOIN (
        SELECT m.version_id, m.part, m.start_char, m.end_char
        FROM store.mentions AS m SEMI JOIN store.foundings AS f USING (mention_id)
    ) AS s ON s.version_id = p.version_id AND s.part = p.part AND s.start_char < p.end_char
              AND s.end_char > p.start_char
    GROUP BY ALL
)
SELECT w.number, w.outcome, w.unit, coalesce(b.amount, 0) AS amount, w.meaning
FROM (VALUES
    (1, 'founds', 'sentence', 'it founds a claim, or joins one that says the same'),
    (2, 'reworded', 'sentence', 'it is neither a sentence of its text nor what one says that somebody said, '
                                || 'but put together from words of it'),
    (3, 'repeats', 'sentence', 'a part of it founds a claim already'),
    (4, 'asks', 'sentence', 'it asks or doubts, and says nothing of its own'),
    (5, 'points', 'sentence', 'it says “it”, “they” or “our” of something that it does not name'),
    (6, 'unsound', 'sentence', 'none of these is seen, but on the whole it reads like sentences that people '
                               || 'turned down'),
    (7, 'no_sentence', 'passage', 'nothing about the field that could be checked was found in it, or nothing '
                                  || 'that could be told without the text around it'),
    (8, 'other_language', 'passage', 'claims are founded by English and Chinese text only')
) AS w (number, outcome, unit, meaning)
LEFT JOIN became AS b USING (outcome)
ORDER BY w.number;

-- The documents of which a later version says something else, or may: an edit that was not compared yet.
CREATE OR REPLACE VIEW step.edited AS
SELECT DISTINCT v.document_id
FROM store.versions AS v
LEFT JOIN store.edits AS e USING (version_id)
WHERE v.number > 1 AND v.read_anew IS NULL AND e.change IS DISTINCT FROM 'trivial';

CREATE OR REPLACE VIEW evidence AS
SELECT t.claim_id, p.claim_id AS machine_claim_id, t.mention_id, t.evidence_id, t.stance, t.machine_stance,
       t.confidence, t.cues, m.quote, m.part, m.start_char, m.end_char, m.version_id, m.proposition,
       m.speaker, m.speaker_role, m.speaker_organisation, m.attributed_to, m.certainty, m.negated,
       m.document_id, d.url, step.source_name(s.name) AS source, d.source_id, d.platform,
       step.shown_name(d.author) AS author, d.title, m.said_at, m.seen_at,
       d.published_precision AS said_precision,
       step.said_earliest(m.said_at, d.published_at, d.published_precision, d.not_before,
                          v.number > 1 AND v.read_anew IS NULL, v.unchanged_at)
           AS said_earliest,
       step.said_latest(m.said_at, d.published_at, d.published_precision, d.not_before, v.seen_at)
           AS said_latest,
       o.voice, step.source_name(o.voice_name) AS voice_name, o.independent, o.origin_document_id,
       o.reason AS voice_reason, d.gone_at, d.artefact, v.extent,
       g.gone_at AS origin_gone_at, o.origin_document_id IN (FROM step.edited) AS origin_edited,
       CASE WHEN t.stance = 'supports' THEN n.probability END AS entails
FROM step.stances AS t
JOIN step.shown AS c USING (claim_id)
JOIN store.mentions AS m USING (mention_id)
JOIN store.documents AS d ON d.document_id = m.document_id
JOIN store.sources AS s ON s.source_id = d.source_id
JOIN store.versions AS v ON v.version_id = m.version_id
LEFT JOIN store.origins AS o ON o.claim_id = t.claim_id AND o.mention_id = t.mention_id
LEFT JOIN store.documents AS g ON g.document_id = o.origin_document_id
LEFT JOIN store.placements AS p ON p.mention_id = t.mention_id
LEFT JOIN store.entailments AS n ON n.evidence_id = t.evidence_id;
