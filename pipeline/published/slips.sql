-- name: asked
-- The releases whose promised dates are asked for: those of a model, of an organisation, or those that claims
-- are about.
SELECT DISTINCT model, organisation FROM goalposts
WHERE CASE $type::VARCHAR
    WHEN 'model' THEN model = $subject
    WHEN 'organisation' THEN organisation = $subject
    ELSE claim_id IN (SELECT unnest($claims::VARCHAR[])) END

-- name: promises
-- Each date that was named for these releases before it was over, with the words that named it first. How
-- each came out is known for now alone. A date that is read otherwise now is told as it is read now.
SELECT g.model, g.organisation, g.claim_id, g.claim, g.deadline, g.earliest, g."precision", g.said_at,
       g.seen_at, coalesce(e.said_precision, 'unknown') AS said_precision, g.speaker, g.speakers,
       coalesce(e.quote, '') AS quote, e.url, coalesce(e.source, '') AS source, g.evidence_id,
       CASE WHEN $seen >= TIMESTAMP '9999-01-01' THEN g.state ELSE 'open' END AS state
FROM goalposts AS g
JOIN {asked} AS a ON a.model = g.model AND a.organisation IS NOT DISTINCT FROM g.organisation
LEFT JOIN evidence AS e ON e.evidence_id = g.evidence_id AND e.claim_id = g.claim_id
WHERE g.deadline IS NOT NULL
  AND NOT (g.basis = 'claim' AND g.claim_id IN (SELECT claim_id FROM goalposts WHERE basis = 'reread'))
  AND g.seen_at < $seen AND coalesce(g.said_at, g.seen_at) < $said
ORDER BY g.model, g.organisation, g.revision
LIMIT 400;

-- name: released
-- The earliest stage of each of these releases with which it is there: a preview at least.
SELECT r.model, r.organisation, r.rung, r.reached_at, r.at_is_said, r.url, r.words, r.claim_id
FROM releases AS r
JOIN {asked} AS a ON a.model = r.model AND a.organisation IS NOT DISTINCT FROM r.organisation
JOIN documents AS d USING (document_id)
WHERE r.rung IN ('preview', 'api', 'open_weights') AND d.seen_at < $seen AND r.reached_at < $said
QUALIFY row_number() OVER (PARTITION BY r.model, r.organisation ORDER BY r.reached_at, r.rung) = 1;
