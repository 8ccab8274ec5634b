-- name: key
-- Organisations are written in several ways ("Aurel Labs", "aurel-labs"); they are compared by this.
CREATE OR REPLACE TEMP MACRO organisation_key(name) AS trim(lower(regexp_replace(strip_accents(name), '[^a-zA-Z0-9]+', ' ', 'g')));

-- name: gather
-- All evidence as the rules read it. What an edited version says was said some time before we saw it: its time is not
-- known. `edited` marks words that the newest version of their document has no more. First party is who belongs to an
-- organisation of the claim, whatever the sentence alone made of the speaker.
CREATE OR REPLACE TEMP TABLE judging AS
WITH newest AS (
    SELECT document_id, title, text, number
    FROM store.versions
    ANTI JOIN (SELECT version_id FROM store.edits WHERE change = 'trivial') AS trivial USING (version_id)
    WHERE number > 1
    QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY number DESC) = 1
), subject AS (
    SELECT claim_id, list_transform(organisations, lambda name: organisation_key(name)) AS organisations FROM store.claims
), said AS (
    SELECT t.claim_id, t.evidence_id, t.stance, m.*, m.by_author OR m.speaker = s.name AS own,
           s.name AS source, d.platform, s.role AS source_role, organisation_key(s.organisation) AS source_organisation, d.artefact,
           d.gone_at IS NOT NULL AS gone,
           coalesce(organisation_key(m.speaker_organisation),
                    CASE WHEN m.by_author OR m.speaker = s.name THEN organisation_key(s.organisation) END) AS organisation
    FROM step.stances AS t
    JOIN store.mentions AS m USING (mention_id)
    JOIN store.documents AS d ON d.document_id = m.document_id
    JOIN store.sources AS s ON s.source_id = d.source_id
)
SELECT e.claim_id, e.evidence_id, e.document_id, e.stance,
       CASE WHEN v.number > 1 THEN v.seen_at ELSE coalesce(e.said_at, e.seen_at) END AS "at",
       v.number = 1 AND e.said_at IS NOT NULL AS said,
       coalesce(o.voice, 'hearsay') AS voice, coalesce(o.voice_name, 'unattributed rumour') AS voice_name,
       coalesce(o.independent, false) AS independent,
       CASE WHEN e.speaker IS NOT NULL AND list_contains(c.organisations, e.organisation) THEN 'first_party'
            WHEN e.speaker_role <> 'first_party' THEN e.speaker_role
            WHEN e.source_role <> 'first_party' THEN e.source_role
            ELSE 'community' END AS role,
       e.organisation, coalesce(e.own, false) AS by_author, e.certainty, e.speech_verb, e.quote, e.numbers, e.source, e.platform, e.source_role,
       e.source_organisation, e.artefact, e.gone,
       coalesce(n.number > v.number AND NOT contains(CASE e.part WHEN 'title' THEN n.title ELSE n.text END, e.quote), false) AS edited
FROM said AS e
JOIN subject AS c USING (claim_id)
JOIN store.versions AS v ON v.version_id = e.version_id
LEFT JOIN store.origins AS o ON o.claim_id = e.claim_id AND o.mention_id = e.mention_id
LEFT JOIN newest AS n ON n.document_id = e.document_id;

-- name: todo
-- The claims for which something changed since they were last judged, with the fingerprint of what they are judged from.
WITH evidence AS (
    SELECT claim_id,
           md5(string_agg(concat_ws('|', evidence_id, stance, epoch_us("at"), said, voice, voice_name, independent, role, organisation, by_author,
                                    certainty, source, source_role, source_organisation, artefact, gone, edited), ';'
                          ORDER BY evidence_id)) AS mark
    FROM judging
    GROUP BY claim_id
), pages AS (
    SELECT organisation_key(s.organisation) AS organisation,
           md5(string_agg(concat_ws('|', d.document_id, d.published_at, d.title), ';' ORDER BY d.document_id)) AS mark
    FROM store.documents AS d
    JOIN store.sources AS s USING (source_id)
    WHERE d.artefact AND s.organisation IS NOT NULL
    GROUP BY organisation_key(s.organisation)
), claim AS (
    SELECT c.claim_id,
           md5(concat_ws('|', e.mark, c.claim, c.kind, c.organisations, c.entities, c.event_at, c.event_precision,
                         c.event_at <= $now, c.event_at + INTERVAL 1 DAY <= $now, d.value, d.reason, d.editor, d.decided_at,
                         string_agg(p.mark, ';' ORDER BY p.organisation))) AS mark
    FROM store.claims AS c
    JOIN evidence AS e USING (claim_id)
    LEFT JOIN step.decided AS d ON d.kind = 'status' AND d.target = c.claim_id
    LEFT JOIN pages AS p ON c.kind = 'release' AND list_contains(list_transform(c.organisations, lambda name: organisation_key(name)), p.organisation)
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
SELECT claim_id, claim, kind,
       list_sort(list_distinct(list_transform(organisations, lambda name: organisation_key(name)))) AS organisations,
       entities, event_at, event_precision
FROM store.claims
WHERE claim_id IN (SELECT unnest($claims))
ORDER BY claim_id;

-- name: items
SELECT * FROM judging WHERE claim_id IN (SELECT unnest($claims)) ORDER BY claim_id, "at", evidence_id;

-- name: pages
-- The release pages of the organisations; `name` is the page's title, or the end of its URL.
SELECT d.document_id, coalesce(d.title, regexp_extract(d.url, '([^/]+)/?$', 1)) AS name, d.url,
       organisation_key(s.organisation) AS organisation,
       coalesce(d.published_at, d.seen_at) AS "at", d.published_at IS NOT NULL AS said
FROM store.documents AS d
JOIN store.sources AS s USING (source_id)
WHERE d.artefact AND organisation_key(s.organisation) IN (SELECT unnest($organisations))
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
