-- name: add
INSERT INTO watches (watch_id, name, owner, filter, atom, mail, webhook, rhythm, quiet, zone, created_at)
VALUES (:watch_id, :name, :owner, :filter, :atom, :mail, :webhook, :rhythm, :quiet, :zone, :created_at);

-- name: spoil
-- A mail is composed for its reader: the next one has it composed anew.
UPDATE messages SET stale = 1
WHERE watch_id = :watch_id AND channel = 'mail'
      AND lower(:mail) <> (SELECT lower(mail) FROM watches WHERE watch_id = :watch_id);

-- name: change
UPDATE watches SET name = :name, owner = :owner, filter = :filter, atom = :atom, webhook = :webhook,
       mail = :mail, rhythm = :rhythm, quiet = :quiet, zone = :zone
WHERE watch_id = :watch_id;

-- name: read_by
-- Another mail address is another reader, with a token of its own; one of before has its own again. Who
-- stopped the mail with a link whose address nobody knows may be this one.
INSERT OR IGNORE INTO readers (token, watch_id, mail, stopped_at)
SELECT :token, w.watch_id, lower(w.mail), r.stopped_at
FROM watches AS w LEFT JOIN readers AS r ON r.watch_id = w.watch_id AND r.mail = ''
WHERE w.watch_id = :watch_id;

-- name: all
SELECT * FROM kept_watches ORDER BY created_at, watch_id;

-- name: one
SELECT * FROM kept_watches WHERE watch_id = ?;

-- name: of_token
-- Its watch, as the reader who has it may see it.
SELECT w.*, r.token, r.stopped_at AS mail_stopped_at, r.mail <> '' AS known,
       r.mail <> '' AND r.mail = lower(w.mail) AS mailed
FROM readers AS r JOIN watches AS w USING (watch_id) WHERE r.token = ?;

-- name: remove
DELETE FROM watches WHERE watch_id = ?;

-- name: stop_mail
-- A token from before the list of readers whose watch had no address may have been mailed to any of them.
UPDATE readers SET stopped_at = coalesce(stopped_at, :now)
WHERE token = :token OR watch_id IN (SELECT watch_id FROM readers WHERE token = :token AND mail = '');

-- name: forget_mail
-- What is being sent just now is not tried again. To another reader it is still sent.
DELETE FROM messages
WHERE channel = 'mail' AND state IN ('waiting', 'sending')
      AND watch_id IN (SELECT k.watch_id FROM kept_watches AS k JOIN readers AS r USING (watch_id)
                       WHERE r.token = ? AND k.mail_stopped_at IS NOT NULL);

-- name: pause
-- What it had gathered is not told, now or later.
UPDATE watches SET paused_at = :paused_at, due_since = NULL WHERE watch_id = :watch_id;

-- name: forget_gathered
DELETE FROM pending WHERE watch_id = ?;

-- name: forget_waiting
-- As above.
DELETE FROM messages WHERE watch_id = ? AND state IN ('waiting', 'sending');
