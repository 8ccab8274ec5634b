-- name: heir
-- The claim that stands for one that an editor merged away.
SELECT claim_id FROM decisions
WHERE kind = 'merge' AND target = $claim_id AND undone_at IS NULL AND claim_id IS NOT NULL
ORDER BY number DESC LIMIT 1;

-- name: hidden
SELECT editor FROM decisions WHERE kind = 'hide' AND target = $claim_id AND undone_at IS NULL ORDER BY number DESC LIMIT 1;

-- name: subject
SELECT claim_id, claim, kind, status, score, voices, supports, denies, questions, reports, mentions, rule, reason,
       would_change, evidence_ids, organisations, entities, first_said_at, last_moved_at, first_seen_at, last_seen_at,
       event_at, event_precision
FROM claims WHERE claim_id = $claim_id;

-- name: statements
-- By the time at which they were said, or seen where that is unknown.
SELECT e.evidence_id, e.mention_id, e.stance, e.machine_stance, e.certainty, e.quote, e.part, e.start_char, e.end_char,
       e.speaker, e.speaker_role, e.speaker_organisation, e.attributed_to, e.document_id, e.url, e.source, e.platform,
       e.author, e.title, e.said_at, CASE WHEN e.said_at IS NULL THEN 'unknown' ELSE e.said_precision END AS said_precision,
       d.published_from, e.seen_at, coalesce(e.voice, e.mention_id) AS voice, coalesce(e.voice_name, e.source) AS voice_name,
       coalesce(e.independent, true) AS independent, e.voice_reason, o.url AS origin_url,
       nullif(e.origin_document_id, e.document_id) AS origin_document_id, e.gone_at, d.gone_after, d.gone_evidence, e.artefact,
       e.version_id, v.number AS version, d.versions, v.text_sha256, v.sha256, v.warc,
       substring(CASE e.part WHEN 'title' THEN v.title ELSE v.text END, e.start_char + 1, e.end_char - e.start_char) = e.quote
           AS stands
FROM evidence AS e
JOIN documents AS d USING (document_id)
JOIN versions AS v ON v.version_id = e.version_id
LEFT JOIN documents AS o ON o.document_id = e.origin_document_id
WHERE e.claim_id = $claim_id
ORDER BY coalesce(e.said_at, e.seen_at), e.document_id, e.start_char, e.mention_id;

-- name: happenings
SELECT "at", event, status, reason, at_is_said, seen_at, evidence_id
FROM timeline
WHERE claim_id = $claim_id AND event NOT IN ('supports', 'denies', 'questions', 'reports')
ORDER BY "at", seen_at, event;

-- name: decisions
SELECT number, decision_id, kind, target, value, reason, editor, decided_at, undone_at, sha256
FROM decisions WHERE claim_id = $claim_id AND kind <> 'undo' ORDER BY number;

-- name: rivals
SELECT r.rival_id, r.slot, r.words, c.claim, c.status, c.voices
FROM rivals AS r JOIN claims AS c ON c.claim_id = r.rival_id
WHERE r.claim_id = $claim_id
ORDER BY c.voices DESC, r.rival_id, r.slot;

-- name: taken
-- Who took it from whom, among the documents of the claim.
SELECT p.kind, p.words, p.strength, d.source, p.url, d.published_at, d.published_precision,
       coalesce(o.source, p.origin_name) AS origin_source, p.origin_url
FROM provenance AS p
JOIN documents AS d USING (document_id)
LEFT JOIN documents AS o ON o.document_id = p.origin_document_id
WHERE p.document_id IN (SELECT document_id FROM evidence WHERE claim_id = $claim_id)
  AND (p.origin_document_id IS NULL OR p.origin_document_id IN (SELECT document_id FROM evidence WHERE claim_id = $claim_id))
ORDER BY coalesce(d.published_at, d.seen_at), p.edge_id;

-- name: blind
SELECT source, kind, since, until, message, bears_as FROM blind_spots
WHERE claim_id = $claim_id ORDER BY since, source, kind;

-- name: meta
SELECT key, value FROM meta;
