-- name: live
-- The documents that speak for or against a claim that is still open, or that moved in the last 30 days. A
-- settled claim (substantiated, contradicted, retracted, expired) seldom moves again. The crawlers know each
-- by the address at which they collected it.
SELECT DISTINCT a.address
FROM evidence AS e
JOIN claims AS c USING (claim_id)
JOIN addresses AS a USING (document_id)
WHERE e.url IS NOT NULL AND e.gone_at IS NULL
  AND (c.status IN ('unverified', 'corroborated', 'disputed')
       OR c.last_moved_at > $now::TIMESTAMP - INTERVAL 30 DAY);
