-- name: decisions
-- What was not taken back and is about claims and mentions, in the order in which it was made.
SELECT kind, target, value, decision_id
FROM store.decisions
WHERE undone_at IS NULL AND kind <> 'undo' AND NOT starts_with(kind, 'story_')
ORDER BY number, decided_at, decision_id;

-- name: splits_taken_back
SELECT DISTINCT target FROM store.decisions WHERE kind = 'split' AND undone_at IS NOT NULL ORDER BY target;

-- name: edited
-- Whether any decision, past or present, or any join shows in the claims.
SELECT EXISTS (SELECT 1 FROM store.claims WHERE merged_into IS NOT NULL)
    OR EXISTS (SELECT 1 FROM store.members WHERE how IN ('merge', 'split', 'move'))
    OR EXISTS (SELECT 1 FROM store.heirs)
    OR EXISTS (SELECT 1 FROM store.joins)
    OR EXISTS (SELECT 1 FROM store.retold);

-- name: claims_among
SELECT claim_id FROM store.claims WHERE claim_id IN (SELECT unnest($claims::VARCHAR[])) ORDER BY claim_id;

-- name: founded_by
-- For ids of claims that are not there, the claim that their founding mention is placed in: a claim's id is a
-- hash of it.
SELECT named.claim_id, p.claim_id
FROM store.placements AS p
JOIN (SELECT unnest($claims::VARCHAR[]) AS claim_id) AS named ON named.claim_id = 'c'
    || left(sha256(p.mention_id), 16)
ORDER BY named.claim_id;

-- name: forget_heirs
DELETE FROM store.heirs;

-- name: placements_among
SELECT mention_id, claim_id FROM store.placements WHERE mention_id IN (SELECT unnest($mentions::VARCHAR[]))
ORDER BY mention_id;

-- name: left_over
-- Claims that a split made which was taken back, with the claim that their mention was placed in.
SELECT c.claim_id, p.claim_id
FROM store.claims AS c
JOIN store.placements AS p ON p.mention_id = c.first_mention_id
WHERE p.claim_id <> c.claim_id
  AND c.claim_id NOT IN (SELECT unnest($splits::VARCHAR[]))
ORDER BY c.claim_id;

-- name: set_merged
UPDATE store.claims SET merged_into = wanted.root
FROM (
    SELECT c.claim_id, r.root
    FROM store.claims AS c
    LEFT JOIN (SELECT unnest($claims::VARCHAR[]) AS claim_id, unnest($roots::VARCHAR[]) AS root) AS r
        USING (claim_id)
) AS wanted
WHERE claims.claim_id = wanted.claim_id AND claims.merged_into IS DISTINCT FROM wanted.root;

-- name: set_members
UPDATE store.members SET claim_id = wanted.claim_id, how = wanted.how
FROM (
    SELECT p.mention_id,
           coalesce(s.claim_id, r.root, p.claim_id) AS claim_id,
           CASE WHEN s.claim_id IS NOT NULL THEN s.how WHEN r.by_editors THEN 'merge'
               ELSE p.how END AS how
    FROM store.placements AS p
    LEFT JOIN (
        SELECT unnest($claims::VARCHAR[]) AS claim_id, unnest($roots::VARCHAR[]) AS root,
               unnest($by_editors::BOOLEAN[]) AS by_editors
    ) AS r ON r.claim_id = p.claim_id
    LEFT JOIN (
        SELECT unnest($mentions::VARCHAR[]) AS mention_id, unnest($homes::VARCHAR[]) AS claim_id,
               unnest($hows::VARCHAR[]) AS how
    ) AS s ON s.mention_id = p.mention_id
) AS wanted
WHERE members.mention_id = wanted.mention_id
  AND (members.claim_id <> wanted.claim_id OR members.how <> wanted.how);

-- name: told_by
-- Claims whose words, as the machine chose them, are those of a mention that left them, with these words and
-- those of their members, earliest first; a gathered one says them in no words of its own. The words of one
-- that an editor follows are the editor's.
SELECT c.claim_id, c.claim AS original, m.proposition AS claim, m.kind, m.organisations, m.entities,
       m.event_at, m.event_precision
FROM (
    SELECT c.claim_id, coalesce(r.claim, c.claim) AS claim
    FROM store.claims AS c LEFT JOIN store.retold AS r USING (claim_id)
    WHERE c.first_mention_id <> ''
) AS c
SEMI JOIN (
    SELECT p.claim_id, s.proposition AS claim
    FROM store.placements AS p JOIN store.mentions AS s USING (mention_id)
    WHERE p.mention_id IN (SELECT unnest($mentions::VARCHAR[]))
) AS gone USING (claim_id, claim)
JOIN store.members AS b ON b.claim_id = c.claim_id AND b.how <> 'gathered'
JOIN step.mentions AS m ON m.mention_id = b.mention_id
ORDER BY c.claim_id, coalesce(m.said_at, m.seen_at), m.mention_id;

-- name: retold
-- What the machine said of the claims that are told anew.
SELECT claim_id, claim, kind, organisations, entities, event_at, event_precision
FROM store.retold
SEMI JOIN store.claims USING (claim_id)
ORDER BY claim_id;

-- name: as_told
SELECT claim_id, claim, kind, organisations, entities, event_at, event_precision
FROM store.claims
WHERE claim_id IN (SELECT unnest($claims::VARCHAR[]))
ORDER BY claim_id;

-- name: forget_retold
DELETE FROM store.retold WHERE claim_id = $claim_id;

-- name: set_claim
UPDATE store.claims
SET claim = $claim, kind = $kind, organisations = $organisations, entities = $entities, event_at = $event_at,
    event_precision = $event_precision
WHERE claim_id = $claim_id;

-- name: ask_anew
-- What stood toward other words of the claim. Gathered evidence stays with it, and so do editors' stances.
DELETE FROM store.evidence
WHERE claim_id = $claim_id
  AND mention_id NOT IN (SELECT mention_id FROM store.placements WHERE how = 'gathered');

-- name: read_anew
-- What was read beside other words of the claim.
DELETE FROM store.entailments
WHERE evidence_id IN (SELECT evidence_id FROM store.evidence WHERE claim_id = $claim_id);

-- name: whole_mentions
SELECT * EXCLUDE (kind_by_rule, founds, reason)
FROM step.mentions WHERE mention_id IN (SELECT unnest($mentions::VARCHAR[])) ORDER BY mention_id;

-- name: apart_now
-- Pairs of claims of which an editor said that they are two, or took a mention from one to the other, by the
-- claims that stand for them now.
WITH told AS (
    SELECT d.target AS one, d.value AS other FROM store.decisions AS d
    WHERE d.kind = 'apart' AND d.undone_at IS NULL
    UNION ALL
    SELECT p.claim_id, coalesce(d.value, b.claim_id)
    FROM store.decisions AS d
    JOIN store.placements AS p ON p.mention_id = d.target
    JOIN store.members AS b ON b.mention_id = d.target
    WHERE d.kind IN ('split', 'move') AND d.undone_at IS NULL
)
SELECT DISTINCT coalesce(a.merged_into, h.heir, t.one), coalesce(b.merged_into, i.heir, t.other)
FROM told AS t
LEFT JOIN store.claims AS a ON a.claim_id = t.one
LEFT JOIN store.claims AS b ON b.claim_id = t.other
LEFT JOIN store.heirs AS h ON h.claim_id = t.one
LEFT JOIN store.heirs AS i ON i.claim_id = t.other
ORDER BY ALL;
