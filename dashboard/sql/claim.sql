-- name: claim
SELECT claim_id, claim, kind, status, score, voices, supports, denies, questions, reports, mentions, first_said_at,
       last_moved_at, first_seen_at, last_seen_at, rule, reason, would_change, evidence_ids, organisations, entities,
       event_at, event_precision
FROM claims WHERE claim_id = $claim_id;

-- name: merged_into
-- Where an editor put a claim that is no longer there.
SELECT value AS claim_id FROM decisions
WHERE kind = 'merge' AND target = $claim_id AND undone_at IS NULL
ORDER BY decided_at DESC LIMIT 1;

-- name: moves
SELECT "at", status, reason, at_is_said, seen_at
FROM timeline WHERE claim_id = $claim_id AND event = 'status'
ORDER BY "at", seen_at;

-- name: points
-- What the chart shows; of more than $limit the independent voices come first.
SELECT evidence_id, stance, said_at, seen_at, coalesce(speaker, 'nobody named') AS speaker, source,
       coalesce(independent, true) AS independent, coalesce(voice, mention_id) AS voice, coalesce(voice_name, source) AS voice_name, artefact
FROM evidence WHERE claim_id = $claim_id
ORDER BY coalesce(independent, true) DESC, coalesce(said_at, seen_at), mention_id
LIMIT $limit;

-- name: first
SELECT e.mention_id, e.speaker, e.author, e.speaker_role, e.speaker_organisation, e.attributed_to, e.source, e.source_id, e.platform,
       e.url, e.quote, e.cues, e.said_at, e.said_precision, e.seen_at, e.stance, e.gone_at
FROM evidence AS e WHERE e.claim_id = $claim_id
ORDER BY coalesce(e.said_at, e.seen_at), e.part = 'title', e.mention_id
LIMIT 1;

-- name: voices
-- One page of the voices: a voice is one row, however many repeat it; what nobody stands behind comes last.
WITH spoken AS (
    SELECT *, coalesce(voice, mention_id) AS voice_key, coalesce(said_at, seen_at) AS "when"
    FROM evidence
    WHERE claim_id = $claim_id AND (len($stances::VARCHAR[]) = 0 OR list_contains($stances::VARCHAR[], stance))
)
SELECT voice_key, any_value(coalesce(voice_name, source)) AS name, count(*) AS mentions, count(DISTINCT source_id) AS sources,
       min("when") AS first_at, count(*) OVER () AS total
FROM spoken GROUP BY voice_key
ORDER BY voice_key = 'hearsay', CASE WHEN $newest::BOOLEAN THEN -epoch_us(max("when")) ELSE epoch_us(min("when")) END, voice_key
LIMIT $limit OFFSET $offset;

-- name: evidence
-- The evidence of some voices, at most $each of a voice: the document in which the voice speaks itself first, then those
-- that pass it on. Of one document its text comes before its headline, which is shorter and by another hand.
WITH mine AS (
    SELECT *, coalesce(voice, mention_id) AS voice_key, coalesce(said_at, seen_at) AS "when",
           bool_or(coalesce(independent, true)) OVER (PARTITION BY coalesce(voice, mention_id), document_id, stance) AS speaks
    FROM evidence
    WHERE claim_id = $claim_id AND list_contains($voices::VARCHAR[], coalesce(voice, mention_id))
      AND (len($stances::VARCHAR[]) = 0 OR list_contains($stances::VARCHAR[], stance))
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY voice_key ORDER BY speaks DESC, "when", part = 'title', mention_id) AS place
    FROM mine
), latest AS (
    SELECT v.document_id, arg_max(v.title, v.number) AS title, arg_max(v.text, v.number) AS text, max(v.number) AS versions,
           max(v.seen_at) AS edited_at, arg_max(v.unchanged_at, v.number) AS unchanged_at
    FROM versions AS v SEMI JOIN placed USING (document_id)
    LEFT JOIN edits AS e USING (version_id)
    WHERE e.change IS DISTINCT FROM 'trivial'
    GROUP BY v.document_id
)
SELECT e.voice_key, e.evidence_id, e.mention_id, e.stance, e.machine_stance, e.confidence, e.cues, e.quote, e.speaker,
       e.speaker_role, e.speaker_organisation, e.attributed_to, e.certainty, e.document_id, e.url, e.source, e.source_id,
       e.platform, e.author, e.title, e.said_at, e.said_precision, e.seen_at, e.speaks AS independent,
       e.voice_reason, e.gone_at, d.gone_after, e.artefact, l.versions, l.edited_at, l.unchanged_at,
       contains(CASE e.part WHEN 'title' THEN coalesce(l.title, '') ELSE l.text END, e.quote) AS quote_stands
FROM placed AS e
JOIN latest AS l USING (document_id)
JOIN documents AS d USING (document_id)
WHERE e.place <= $each
ORDER BY e.voice_key, e.place;

-- name: rivals
SELECT r.rival_id, r.slot, r.words, c.claim, c.status, c.voices
FROM rivals AS r JOIN claims AS c ON c.claim_id = r.rival_id
WHERE r.claim_id = $claim_id
ORDER BY c.voices DESC, r.rival_id, r.slot LIMIT 50;

-- name: provenance
SELECT p.kind, p.words, p.strength, p.url, d.source, d.author, d.published_at, d.published_precision, d.seen_at,
       p.origin_url, p.origin_name, o.source AS origin_source, o.author AS origin_author, count(*) OVER () AS total
FROM provenance AS p
SEMI JOIN (SELECT document_id FROM evidence WHERE claim_id = $claim_id) AS e ON e.document_id = p.document_id
JOIN documents AS d ON d.document_id = p.document_id
LEFT JOIN documents AS o ON o.document_id = p.origin_document_id
ORDER BY coalesce(d.published_at, d.seen_at), p.edge_id
LIMIT $limit;

-- name: history
-- Edits and deletions of the documents behind a claim.
WITH cited AS (
    SELECT DISTINCT document_id FROM evidence WHERE claim_id = $claim_id
)
SELECT 'edited' AS event, d.url, d.source, d.title, v.number, v.unchanged_at AS after_at, v.seen_at AS "at", NULL AS words
FROM edits AS v SEMI JOIN cited USING (document_id) JOIN documents AS d USING (document_id)
WHERE v.change IS DISTINCT FROM 'trivial'
UNION ALL
SELECT 'gone', d.url, d.source, d.title, NULL, d.gone_after, d.gone_at, d.gone_evidence
FROM documents AS d SEMI JOIN cited USING (document_id)
WHERE d.gone_at IS NOT NULL
ORDER BY "at" DESC, url LIMIT 100;

-- name: decisions
SELECT kind, value, reason, editor, decided_at FROM decisions
WHERE undone_at IS NULL
  AND (target = $claim_id OR target IN (SELECT mention_id FROM evidence WHERE claim_id = $claim_id))
ORDER BY decided_at DESC LIMIT 100;
