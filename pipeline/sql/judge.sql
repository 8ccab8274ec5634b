-- name: gather
-- All evidence as the rules read it. What an edited version says was said some time before we saw it: its time is not
-- known. `edited` marks words that the newest version of their document has no more.
CREATE OR REPLACE TEMP TABLE judging AS
WITH newest AS (
    SELECT document_id, title, text, number
    FROM store.versions
    WHERE number > 1
    QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY number DESC) = 1
)
SELECT t.claim_id, t.evidence_id, m.document_id, t.stance,
       CASE WHEN v.number > 1 THEN v.seen_at ELSE coalesce(m.said_at, m.seen_at) END AS "at",
       v.number = 1 AND m.said_at IS NOT NULL AS said,
       coalesce(o.voice, 'hearsay') AS voice, coalesce(o.voice_name, 'unattributed rumour') AS voice_name,
       coalesce(o.independent, false) AS independent,
       m.speaker_role AS role, m.speaker_organisation AS organisation, m.certainty, m.speech_verb, m.quote, m.numbers,
       s.name AS source, s.role AS source_role, s.organisation AS source_organisation, d.artefact,
       d.gone_at IS NOT NULL AS gone,
       coalesce(n.number > v.number AND NOT contains(CASE m.part WHEN 'title' THEN n.title ELSE n.text END, m.quote), false) AS edited
FROM step.stances AS t
JOIN store.mentions AS m USING (mention_id)
JOIN store.versions AS v ON v.version_id = m.version_id
JOIN store.documents AS d ON d.document_id = m.document_id
JOIN store.sources AS s ON s.source_id = d.source_id
LEFT JOIN store.origins AS o ON o.claim_id = t.claim_id AND o.mention_id = t.mention_id
LEFT JOIN newest AS n ON n.document_id = m.document_id;

-- name: todo
-- The claims for which something changed since they were last judged, with the fingerprint of what they are judged from.
WITH evidence AS (
    SELECT claim_id,
           md5(string_agg(concat_ws('|', evidence_id, stance, epoch_us("at"), said, voice, voice_name, independent, role, organisation,
                                    certainty, source, source_role, source_organisation, artefact, gone, edited), ';'
                          ORDER BY evidence_id)) AS mark
    FROM judging
    GROUP BY claim_id
), pages AS (
    SELECT s.organisation, md5(string_agg(concat_ws('|', d.document_id, d.published_at, d.title), ';' ORDER BY d.document_id)) AS mark
    FROM store.documents AS d
    JOIN store.sources AS s USING (source_id)
    WHERE d.artefact AND s.organisation IS NOT NULL
    GROUP BY s.organisation
), claim AS (
    SELECT c.claim_id,
           md5(concat_ws('|', e.mark, c.claim, c.kind, c.organisations, c.entities, c.event_at, c.event_precision,
                         c.event_at <= $now, c.event_at + INTERVAL 1 DAY <= $now, d.value, d.reason, d.editor, d.decided_at,
                         string_agg(p.mark, ';' ORDER BY p.organisation))) AS mark
    FROM store.claims AS c
    JOIN evidence AS e USING (claim_id)
    LEFT JOIN step.decided AS d ON d.kind = 'status' AND d.target = c.claim_id
    LEFT JOIN pages AS p ON c.kind = 'release' AND list_contains(c.organisations, p.organisation)
    WHERE c.merged_into IS NULL
    GROUP BY c.claim_id, e.mark, c.claim, c.kind, c.organisations, c.entities, c.event_at, c.event_precision,
             d.value, d.reason, d.editor, d.decided_at
), rival AS (
    SELECT claim_id, rival_id FROM store.rivals WHERE slot IN ('number', 'date')
    UNION
    SELECT rival_id, claim_id FROM store.rivals WHERE slot IN ('number', 'date')
), marked AS (
    SELECT c.claim_id, md5(concat_ws('|', $rules, c.mark, string_agg(o.mark, ';' ORDER BY o.claim_id))) AS fingerprint
    FROM claim AS c
    LEFT JOIN rival AS r ON r.claim_id = c.claim_id
    LEFT JOIN claim AS o ON o.claim_id = r.rival_id
    GROUP BY c.claim_id, c.mark
)
SELECT claim_id, fingerprint
FROM marked
ANTI JOIN store.judged USING (claim_id, fingerprint)
ORDER BY claim_id;

-- name: rivals
-- Pairs of which only one can be true: another number of the same kind of figure, or another date of the same kind of event.
WITH pair AS (
    SELECT claim_id, rival_id, slot FROM store.rivals
    UNION
    SELECT rival_id, claim_id, slot FROM store.rivals
)
SELECT DISTINCT p.claim_id, p.rival_id
FROM pair AS p
JOIN store.claims AS a ON a.claim_id = p.claim_id
JOIN store.claims AS b ON b.claim_id = p.rival_id
WHERE p.claim_id IN (SELECT unnest($claims)) AND a.kind = b.kind AND b.merged_into IS NULL
  AND ((p.slot = 'number' AND a.kind IN ('size', 'price', 'deal')) OR (p.slot = 'date' AND a.kind IN ('release', 'delay')))
ORDER BY p.claim_id, p.rival_id;

-- name: claims
SELECT claim_id, claim, kind, organisations, entities, event_at, event_precision
FROM store.claims
WHERE claim_id IN (SELECT unnest($claims))
ORDER BY claim_id;

-- name: items
SELECT * FROM judging WHERE claim_id IN (SELECT unnest($claims)) ORDER BY claim_id, "at", evidence_id;

-- name: pages
-- The release pages of the organisations; `name` is the page's title, or the end of its URL.
SELECT d.document_id, coalesce(d.title, regexp_extract(d.url, '([^/]+)/?$', 1)) AS name, d.url, s.organisation,
       coalesce(d.published_at, d.seen_at) AS "at", d.published_at IS NOT NULL AS said
FROM store.documents AS d
JOIN store.sources AS s USING (source_id)
WHERE d.artefact AND s.organisation IN (SELECT unnest($organisations))
ORDER BY "at", d.document_id;

-- name: rulings
SELECT target, value, editor, reason, decided_at
FROM step.decided
WHERE kind = 'status' AND target IN (SELECT unnest($claims));

-- name: last
-- The steps of the newest judgement of each claim.
SELECT v.* FROM step.judgements AS v WHERE v.claim_id IN (SELECT unnest($claims)) ORDER BY v.claim_id, v.step;

-- name: forget
-- A judgement of this very instant is replaced: the same run judges anew what an interrupted one judged.
DELETE FROM store.verdicts WHERE judged_at = $now AND claim_id IN (SELECT unnest($claims));

-- name: done
DROP TABLE judging;
