-- name: learn
-- What is known of claims from now on, as far as it is not what was known before; evidence that left a claim
-- is absent.
INSERT OR REPLACE INTO store.knowledge BY NAME
WITH known AS (
    SELECT * FROM store.knowledge WHERE claim_id IN (SELECT unnest($claims))
    QUALIFY row_number() OVER (PARTITION BY claim_id, evidence_id ORDER BY known_at DESC) = 1
), now AS (
    SELECT *, true AS present FROM bearing WHERE claim_id IN (SELECT unnest($claims))
)
SELECT n.*, $now AS known_at
FROM now AS n
LEFT JOIN known AS k USING (claim_id, evidence_id)
WHERE k.present IS DISTINCT FROM true
   OR (n.mention_id, n.stance, n.voice, n.voice_name, n.independent, n.role, n.gone, n.edited, n.weak)
      IS DISTINCT FROM (k.mention_id, k.stance, k.voice, k.voice_name, k.independent, k.role, k.gone,
                        k.edited, k.weak)
UNION ALL BY NAME
SELECT k.* REPLACE (false AS present, $now AS known_at)
FROM known AS k
ANTI JOIN now AS n USING (claim_id, evidence_id)
WHERE k.present;

-- name: emptied
-- Claims that were judged and hold no evidence any more: they were merged into others, or their mentions
-- split off.
SELECT claim_id FROM store.judged
ANTI JOIN (SELECT claim_id FROM bearing WHERE NOT weak) AS held USING (claim_id)
ORDER BY claim_id;

-- name: todo
-- The claims for which something changed since they were last judged, with the fingerprint of what they are
-- judged from.
WITH evidence AS (
    SELECT claim_id,
           md5(string_agg(concat_ws('|', evidence_id, stance, epoch_us("at"), said, voice, voice_name,
                                    independent, role, organisation, by_author,
                                    certainty, source, source_role, source_organisation, artefact, gone,
                                    edited, own_work, sure, weak, versions), ';'
                          ORDER BY evidence_id)) AS mark
    FROM judging
    LEFT JOIN (
        SELECT claim_id, evidence_id,
               string_agg(concat_ws('|', version_id, epoch_us(restored_at)), ',' ORDER BY seen_at) AS versions
        FROM losing
        GROUP BY claim_id, evidence_id
    ) AS lost USING (claim_id, evidence_id)
    GROUP BY claim_id
), pages AS (
    SELECT o.key AS organisation,
           md5(string_agg(concat_ws('|', d.document_id, d.published_at, d.not_before, v.version_id), ';'
                          ORDER BY d.document_id)) AS mark
    FROM store.documents AS d
    JOIN (SELECT document_id, arg_max(version_id, number) AS version_id FROM store.versions
          GROUP BY document_id) AS v USING (document_id)
    JOIN store.sources AS s USING (source_id)
    JOIN organisation AS o ON o.name = s.organisation
    WHERE d.artefact
    GROUP BY o.key
), told AS (
    SELECT claim_id, md5(string_agg(mention_id, ';' ORDER BY mention_id)) AS mark
    FROM telling GROUP BY claim_id
), claim AS (
    SELECT c.claim_id,
           md5(concat_ws('|', e.mark, c.claim, c.kind, w.organisations, w.boards, c.entities, c.event_at,
                         c.event_precision, c.event_at <= $now, c.event_at + INTERVAL 1 DAY <= $now, d.value,
                         d.reason, d.editor, d.decided_at, any_value(l.mark),
                         string_agg(p.mark, ';' ORDER BY p.organisation))) AS mark
    FROM store.claims AS c
    JOIN party AS w USING (claim_id)
    LEFT JOIN evidence AS e USING (claim_id)
    LEFT JOIN step.decided AS d ON d.kind = 'status' AND d.target = c.claim_id
    LEFT JOIN told AS l USING (claim_id)
    LEFT JOIN pages AS p ON c.kind IN ('release', 'delay') AND list_contains(w.organisations, p.organisation)
    -- One that an editor founded may have no evidence (yet): an editor's word on its status counts all the
    -- same.
    WHERE c.merged_into IS NULL AND (e.claim_id IS NOT NULL OR c.first_mention_id = '')
    GROUP BY c.claim_id, e.mark, c.claim, c.kind, w.organisations, w.boards, c.entities, c.event_at,
             c.event_precision, d.value, d.reason, d.editor, d.decided_at
), rival AS (
    SELECT claim_id, rival_id FROM step.rivals WHERE slot IN ('number', 'date', 'identity')
    UNION
    SELECT rival_id, claim_id FROM step.rivals WHERE slot IN ('number', 'date', 'identity')
), marked AS (
    SELECT c.claim_id, md5(concat_ws('|', $rules, c.mark,
                                     string_agg(o.mark, ';' ORDER BY o.claim_id))) AS fingerprint
    FROM claim AS c
    LEFT JOIN rival AS r ON r.claim_id = c.claim_id
    LEFT JOIN claim AS o ON o.claim_id = r.rival_id
    GROUP BY c.claim_id, c.mark
)
SELECT claim_id, fingerprint
FROM marked
ANTI JOIN store.judged USING (claim_id, fingerprint)
ORDER BY claim_id;

-- name: last
-- The steps of the newest judgement of each claim.
SELECT v.* FROM step.judgements AS v WHERE v.claim_id IN (SELECT unnest($claims)) ORDER BY v.claim_id, v.step;

-- name: forget
-- A judgement of this very instant is replaced: the same run judges anew what an interrupted one judged.
DELETE FROM store.verdicts WHERE judged_at = $now AND claim_id IN (SELECT unnest($claims));

-- name: rules
SELECT number, rule, status, holds_when, would_change, version FROM store.rules ORDER BY number;

-- name: release_stages
SELECT number, rung, asked_for_by, shown_by FROM store.release_stages ORDER BY number;

-- name: forget_rules
DELETE FROM store.rules; DELETE FROM store.release_stages;

-- name: forget_rungs
DELETE FROM store.rungs WHERE claim_id IN (SELECT unnest($claims));

-- name: forget_rewordings
DELETE FROM store.rewordings WHERE claim_id IN (SELECT unnest($claims));

-- name: resolutions
SELECT claim_id, deadline, void FROM store.resolutions WHERE claim_id IN (SELECT unnest($claims));

-- name: texts
-- The newest resolution text of each claim.
SELECT * FROM store.resolution_texts WHERE claim_id IN (SELECT unnest($claims))
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY number DESC) = 1;

-- name: held
-- The claims that hold evidence in what was laid out; of those of today the ones that are shown.
SELECT DISTINCT claim_id FROM judging
WHERE NOT weak AND ($known OR claim_id IN (SELECT claim_id FROM step.shown))
ORDER BY claim_id;

-- name: blind
SELECT source, kind, since, until, message FROM blind_spots
WHERE claim_id = $claim_id AND since <= $at
ORDER BY since, source, kind;
