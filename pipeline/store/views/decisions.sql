-- What editors decided, and what follows from it: stances, the claims that are shown, the newest judgements.

-- What editors decided and did not take back: the newest of each kind and target, in the journal's order.
-- What was decided about a claim bears on the one that stands for it by now.
CREATE OR REPLACE VIEW step.decided AS
SELECT d.kind, coalesce(h.heir, d.target) AS target,
       arg_max(d.value, (d.number, d.decided_at, d.decision_id)) AS value,
       arg_max(d.reason, (d.number, d.decided_at, d.decision_id)) AS reason,
       arg_max(d.editor, (d.number, d.decided_at, d.decision_id)) AS editor,
       arg_max(d.decided_at, (d.number, d.decided_at, d.decision_id)) AS decided_at
FROM store.decisions AS d
LEFT JOIN store.heirs AS h ON h.claim_id = d.target
WHERE d.undone_at IS NULL AND (d.kind <> 'stance' OR d.value IN ('supports', 'denies', 'questions',
                                                                 'reports'))
GROUP BY d.kind, coalesce(h.heir, d.target);

-- Each decision with the claim that it bears on now; null where that is not there, or rests with a split
-- taken back.
CREATE OR REPLACE VIEW step.bearings AS
SELECT d.*, coalesce(h.heir, b.claim_id, c.claim_id) AS claim_id
FROM store.decisions AS d
LEFT JOIN store.heirs AS h ON h.claim_id = d.target
LEFT JOIN store.members AS b ON b.mention_id = d.target
LEFT JOIN store.claims AS c ON c.claim_id = d.target AND c.merged_into IS NULL;

-- The claims that an editor hid, and those that are merged into one, which say the same. A sentence that is
-- followed may be hidden before the run that makes a claim of it.
CREATE OR REPLACE VIEW step.hidden AS
WITH hide AS (
    SELECT target FROM step.decided WHERE kind = 'hide'
)
SELECT target AS claim_id FROM hide
UNION
SELECT c.claim_id FROM store.claims AS c JOIN hide AS d ON d.target = c.merged_into
UNION
SELECT h.claim_id FROM store.heirs AS h JOIN hide AS d ON d.target = h.heir;

-- Members that hold a place which another one holds for the same claim: a passage can be gathered before
-- clustering puts a mention of the same words there, and what is joined or merged may hold it too. One stands
-- for all, `by_id`: the one that an editor put there, else the one that says it in so many words, else the
-- surest. Null where an editor took it out of the claim: its words do not stand there again, unless by an
-- editor's merge. Members meet by the stretches of 256 characters into which they reach, so that those of one
-- long document are not all compared with one another.
CREATE OR REPLACE VIEW step.repeated AS
WITH place AS (
    SELECT b.mention_id, b.claim_id, coalesce(c.merged_into, c.claim_id, b.claim_id) AS machine_claim_id,
           m.version_id, m.part, m.start_char, m.end_char, coalesce(p.how, b.how) = 'gathered' AS gathered,
           b.how IN ('split', 'move') AS moved, b.how = 'merge' AS merged, b.similarity,
           unnest(generate_series(m.start_char // 256, m.end_char // 256)) AS stretch
    FROM store.members AS b
    JOIN store.mentions AS m USING (mention_id)
    LEFT JOIN store.placements AS p USING (mention_id)
    LEFT JOIN store.claims AS c ON c.claim_id = p.claim_id
), holder AS (
    SELECT *, claim_id AS held_for FROM place
    UNION ALL
    SELECT *, machine_claim_id FROM place WHERE machine_claim_id <> claim_id
)
SELECT r.mention_id, arg_min(CASE WHEN h.claim_id = r.claim_id THEN h.mention_id END,
                             (NOT h.moved, h.gathered, -h.similarity, h.mention_id)) AS by_id
FROM place AS r
JOIN holder AS h ON h.held_for = r.claim_id AND h.version_id = r.version_id AND h.part = r.part
    AND h.stretch = r.stretch AND h.mention_id <> r.mention_id
    AND h.start_char < r.end_char AND h.end_char > r.start_char
WHERE NOT r.moved AND (r.gathered OR (h.gathered AND h.moved)) AND (h.claim_id = r.claim_id OR NOT r.merged)
  AND (NOT h.moved, h.gathered, -h.similarity, h.mention_id)
      < (true, r.gathered, -r.similarity, r.mention_id)
GROUP BY r.mention_id;

-- The newest stance of each mention toward the claim that it belongs to now, and what an editor made of it or
-- of a member that it stands for.
CREATE OR REPLACE VIEW step.stances AS
SELECT n.claim_id, n.mention_id, n.evidence_id, n.stance AS machine_stance, n.confidence, n.cues,
       coalesce(d.value, n.stance) AS stance
FROM (
    SELECT e.claim_id, e.mention_id,
           arg_max(e.evidence_id, (e.weighed_at, e.evidence_id)) AS evidence_id,
           arg_max(e.stance, (e.weighed_at, e.evidence_id))      AS stance,
           arg_max(e.confidence, (e.weighed_at, e.evidence_id))  AS confidence,
           arg_max(e.cues, (e.weighed_at, e.evidence_id))        AS cues
    FROM store.evidence AS e
    JOIN store.members AS m USING (mention_id, claim_id)
    ANTI JOIN step.repeated USING (mention_id)
    GROUP BY e.claim_id, e.mention_id
) AS n
LEFT JOIN (
    SELECT coalesce(r.by_id, d.target) AS mention_id, arg_max(d.value, d.decided_at) AS value
    FROM step.decided AS d
    LEFT JOIN step.repeated AS r ON r.mention_id = d.target
    WHERE d.kind = 'stance'
    GROUP BY ALL
) AS d USING (mention_id);

-- The claims that are shown: neither merged into another nor hidden by an editor, nor left by all their
-- mentions. One that an editor founded is shown as long as it is followed, whether or not anybody speaks to
-- it, or as long as it stands for what editors put into it.
CREATE OR REPLACE VIEW step.shown AS
SELECT c.*
FROM store.claims AS c
WHERE c.merged_into IS NULL
  AND CASE WHEN c.first_mention_id = ''
      THEN c.claim_id IN (
               SELECT target FROM step.decided WHERE kind = 'follow'
               UNION ALL
               SELECT claim_id FROM store.members WHERE how IN ('merge', 'move')
           )
      ELSE c.claim_id IN (SELECT claim_id FROM store.members) END
  AND NOT EXISTS (SELECT 1 FROM step.decided AS d WHERE d.kind = 'hide' AND d.target = c.claim_id);

-- All steps of each claim's newest judgement.
CREATE OR REPLACE VIEW step.judgements AS
SELECT v.*
FROM store.verdicts AS v
JOIN store.judged AS j ON j.claim_id = v.claim_id AND j.judged_at = v.judged_at;

CREATE OR REPLACE VIEW step.verdicts AS
SELECT * FROM step.judgements
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY step DESC) = 1;

-- Whose edits and deletions each run's digest tells of: its own, and those of the revisits since the run
-- before it.
CREATE OR REPLACE VIEW step.tidings AS
SELECT run_id, run_id AS told_by FROM store.runs
UNION ALL
SELECT r.run_id, min_by(n.run_id, n.started_at)
FROM store.runs AS r
JOIN store.runs AS n ON n.started_at > r.started_at AND n.command <> 'revisit'
WHERE r.command = 'revisit'
GROUP BY r.run_id;
