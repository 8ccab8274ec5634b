-- name: known
SELECT event_id FROM known_events;

-- name: states
SELECT claim_id, status, voices FROM claim_states;

-- name: looked
SELECT published_at FROM looked;

-- name: know
INSERT OR IGNORE INTO known_events VALUES (?);

-- name: stand
INSERT INTO claim_states VALUES (?, ?, ?)
ON CONFLICT (claim_id) DO UPDATE SET status = excluded.status, voices = excluded.voices;

-- name: look
INSERT INTO looked VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET published_at = excluded.published_at;

-- name: gather
-- A watch that was removed meanwhile, or is paused, gathers nothing.
INSERT OR IGNORE INTO pending (watch_id, event_id, made_at, fields)
SELECT watch_id, :event_id, :made_at, :fields FROM watches
WHERE watch_id = :watch_id AND paused_at IS NULL;

-- name: hide
-- What an editor hid before it was told is not told. :hidden is a JSON array of claims.
DELETE FROM pending
WHERE json_extract(fields, '$.claim_id') IN (SELECT value FROM json_each(:hidden))
      OR json_extract(fields, '$.rival_id') IN (SELECT value FROM json_each(:hidden));

-- name: hide_composed
-- The same of what waits to be sent; each message is stale then.
DELETE FROM message_events
WHERE json_extract(fields, '$.claim_id') IN (SELECT value FROM json_each(:hidden))
      OR json_extract(fields, '$.rival_id') IN (SELECT value FROM json_each(:hidden))
RETURNING message_id;

-- name: spoil
UPDATE messages SET stale = 1 WHERE message_id = ?;

-- name: drop_hidden
DELETE FROM messages
WHERE message_id = ? AND state IN ('waiting', 'sending')
      AND NOT EXISTS (SELECT 1 FROM message_events AS e WHERE e.message_id = messages.message_id);

-- name: stale
SELECT m.message_id, m.channel, w.* FROM messages AS m JOIN kept_watches AS w USING (watch_id)
WHERE m.stale = 1 AND m.state IN ('waiting', 'sending');

-- name: events
SELECT number, fields FROM message_events WHERE message_id = ? ORDER BY number;

-- name: renew
UPDATE messages SET body = :body, stale = 0 WHERE message_id = :message_id;

-- name: give_up
UPDATE messages SET state = 'failed', ended_at = :now, fault = :fault WHERE message_id = :message_id;

-- name: gathered
SELECT w.*, min(p.made_at) AS oldest FROM pending AS p JOIN kept_watches AS w USING (watch_id)
GROUP BY w.watch_id;

-- name: watch
SELECT * FROM kept_watches WHERE watch_id = ?;

-- name: pending
SELECT number, fields FROM pending WHERE watch_id = ? ORDER BY number;

-- name: come_due
UPDATE watches SET due_since = coalesce(due_since, :now) WHERE watch_id = :watch_id;

-- name: clear
DELETE FROM pending WHERE watch_id = :watch_id AND number <= :number;

-- name: told
UPDATE watches SET due_since = NULL WHERE watch_id = :watch_id;

-- name: put
INSERT OR IGNORE INTO messages (message_id, watch_id, channel, made_at, next_at, body, state)
VALUES (:message_id, :watch_id, :channel, :now, :now, :body, 'waiting');

-- name: put_events
INSERT OR IGNORE INTO message_events
SELECT :message_id, number, fields FROM pending WHERE watch_id = :watch_id AND number <= :number;

-- name: due
-- The next after another. What still says that it is being sent was killed: who sends holds a lock.
SELECT m.message_id, m.channel, m.made_at, m.body, m.state, m.begun, m.tries, w.*
FROM messages AS m JOIN kept_watches AS w USING (watch_id)
WHERE m.stale = 0 AND (m.state = 'sending' OR (m.state = 'waiting' AND m.next_at <= :now))
      AND (m.made_at, m.message_id) > (:made_at, :message_id)
ORDER BY m.made_at, m.message_id LIMIT 1;

-- name: drop
DELETE FROM messages WHERE message_id = ?;

-- name: begin
UPDATE messages SET state = 'sending', begun = begun + 1 WHERE message_id = :message_id;

-- name: end
UPDATE messages SET state = :state, begun = :begun, tries = :tries, next_at = :next_at, ended_at = :now,
       fault = :fault
WHERE message_id = :message_id;

-- name: forget
DELETE FROM messages WHERE state = 'sent' AND ended_at < :before;

-- name: unsent
-- What waits, and what was given up in the last 30 days, by watch and channel; `fault` is the newest.
SELECT w.name, m.channel, m.state, count(*) AS messages, max(m.ended_at) AS ended_at, m.fault
FROM messages AS m JOIN kept_watches AS w USING (watch_id)
WHERE m.state = 'waiting' OR m.state = 'sending' OR (m.state <> 'sent' AND m.ended_at >= :since)
GROUP BY w.watch_id, m.channel, m.state ORDER BY w.name, m.channel, m.state;

-- name: held
SELECT w.name, count(*) AS events FROM pending AS p JOIN kept_watches AS w USING (watch_id)
WHERE w.due_since IS NOT NULL GROUP BY w.watch_id ORDER BY w.name;
