-- name: claim
SELECT claim_id, claim, status, score, voices, reason, would_change, importance, importance_why FROM claims WHERE claim_id = $claim;

-- name: heir
-- The claim that took over one which is no longer there.
SELECT claim_id FROM decisions
WHERE kind = 'merge' AND target = $claim AND undone_at IS NULL AND claim_id IS NOT NULL AND claim_id <> $claim
ORDER BY number DESC LIMIT 1;

-- name: matching
-- Claims that have all these words, in whatever case and with whatever accents.
SELECT claim_id, status, mentions, claim
FROM claims
WHERE list_bool_and(list_transform($words::VARCHAR[], lambda word: contains(strip_accents(lower(claim)), strip_accents(lower(word)))))
ORDER BY mentions DESC, claim_id;

-- name: told
-- One row for each document and stance: of several statements the one with a voice of its own, then the text's first.
SELECT e.document_id, e.stance, e.source, e.platform, e.speaker, e.quote, e.certainty, e.said_at, e.said_precision,
       d.published_from, e.seen_at, e.url, coalesce(e.voice, 'source:' || e.source_id) AS voice,
       coalesce(e.voice_name, e.source) AS voice_name, coalesce(e.independent, false) AS independent,
       e.voice_reason, e.origin_document_id, e.gone_at, x.edited_at
FROM evidence AS e
JOIN documents AS d USING (document_id)
LEFT JOIN (
    SELECT document_id, max(seen_at) AS edited_at FROM edits WHERE change IS DISTINCT FROM 'trivial' GROUP BY document_id
) AS x USING (document_id)
WHERE e.claim_id = $claim
QUALIFY row_number() OVER (
    PARTITION BY e.document_id, e.stance, e.voice ORDER BY coalesce(e.independent, false) DESC, e.part = 'title', e.start_char, e.mention_id
) = 1
ORDER BY coalesce(e.said_at, e.seen_at), e.document_id, e.stance, voice;

-- name: signs
SELECT document_id, origin_document_id, origin_name, kind, words
FROM provenance
WHERE document_id IN (SELECT document_id FROM evidence WHERE claim_id = $claim)
ORDER BY strength DESC, kind, edge_id;

-- name: behind
-- Origins that do not speak to the claim themselves.
SELECT document_id, source, url, gone_at,
       (SELECT max(x.seen_at) FROM edits AS x
        WHERE x.document_id = documents.document_id AND x.change IS DISTINCT FROM 'trivial') AS edited_at
FROM documents
WHERE document_id IN (SELECT origin_document_id FROM evidence WHERE claim_id = $claim)
  AND document_id NOT IN (SELECT document_id FROM evidence WHERE claim_id = $claim)
ORDER BY document_id;

-- name: blind_spots
SELECT source, kind, since, until, message FROM blind_spots WHERE claim_id = $claim ORDER BY since, source, kind;
