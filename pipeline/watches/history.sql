-- name: sent
-- What became of the messages of each watch; a fault counts until something was sent after it.
WITH told AS (
    SELECT watch_id, max(CASE WHEN state = 'sent' THEN ended_at END) AS sent_at,
           sum(state IN ('waiting', 'sending')) AS waiting,
           max(CASE WHEN fault IS NOT NULL THEN ended_at END) AS failed_at
    FROM messages GROUP BY watch_id
)
SELECT t.watch_id, t.sent_at, t.waiting,
       (SELECT m.fault FROM messages AS m
        WHERE m.watch_id = t.watch_id AND m.ended_at = t.failed_at AND m.fault IS NOT NULL
              AND (t.sent_at IS NULL OR t.failed_at >= t.sent_at) AND m.state <> 'sent' LIMIT 1) AS fault
FROM told AS t;
