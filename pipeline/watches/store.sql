-- name: add
INSERT INTO watches (watch_id, name, owner, filter, atom, mail, webhook, rhythm, quiet, zone, token,
                     created_at)
VALUES (:watch_id, :name, :owner, :filter, :atom, :mail, :webhook, :rhythm, :quiet, :zone, :token,
        :created_at);

-- name: change
-- Another mail address is another reader: that one stopped the mail binds that one alone, and for good.
UPDATE watches SET name = :name, owner = :owner, filter = :filter, atom = :atom, webhook = :webhook,
       mail_stopped_at = (SELECT stopped_at FROM mail_stops AS s
                          WHERE s.watch_id = :watch_id AND s.mail = lower(:mail)),
       mail = :mail, rhythm = :rhythm, quiet = :quiet, zone = :zone
WHERE watch_id = :watch_id;

-- name: all
SELECT * FROM watches ORDER BY created_at, watch_id;

-- name: one
SELECT * FROM watches WHERE watch_id = ?;

-- name: of_token
SELECT * FROM watches WHERE token = ?;

-- name: remove
DELETE FROM watches WHERE watch_id = ?;

-- name: stop_mail
UPDATE watches SET mail_stopped_at = coalesce(mail_stopped_at, :now) WHERE token = :token AND mail <> '';

-- name: keep_stop
INSERT OR IGNORE INTO mail_stops
SELECT watch_id, lower(mail), mail_stopped_at FROM watches WHERE token = :token AND mail <> '';

-- name: forget_mail
-- What is being sent just now is not tried again.
DELETE FROM messages WHERE watch_id = ? AND channel = 'mail' AND state IN ('waiting', 'sending');

-- name: pause
-- What it had gathered is not told, now or later.
UPDATE watches SET paused_at = :paused_at, due_since = NULL WHERE watch_id = :watch_id;

-- name: forget_gathered
DELETE FROM pending WHERE watch_id = ?;

-- name: forget_waiting
-- As above.
DELETE FROM messages WHERE watch_id = ? AND state IN ('waiting', 'sending');
