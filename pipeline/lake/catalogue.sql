-- Statements for PostgreSQL. DuckLake's own tables are as its specification has them.

-- name: laid
SELECT to_regclass(%(table)s) IS NOT NULL;

-- name: data_path
SELECT value FROM ducklake_metadata WHERE key = 'data_path' AND scope IS NULL;

-- name: lay_nights
-- The nights that were checked: what readers read. `snapshot` is DuckLake's.
CREATE TABLE IF NOT EXISTS rumortrail_nights (
    snapshot BIGINT PRIMARY KEY,
    run_id TEXT NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    checked_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);

-- name: keep_night
INSERT INTO rumortrail_nights (snapshot, run_id, published_at)
VALUES (%(snapshot)s, %(run_id)s, %(published_at)s)
ON CONFLICT (snapshot) DO NOTHING;

-- name: nights
-- Those that were published before a time and can still be read, the newest first. Of two with the same time
-- the later written.
SELECT snapshot, run_id, published_at, checked_at
FROM rumortrail_nights JOIN ducklake_snapshot ON snapshot_id = snapshot
WHERE published_at < %(before)s
ORDER BY published_at DESC, snapshot DESC
LIMIT %(most)s;

-- name: newest
-- What was written last, whatever its clock says.
SELECT snapshot, run_id, published_at, checked_at
FROM rumortrail_nights JOIN ducklake_snapshot ON snapshot_id = snapshot
ORDER BY snapshot DESC LIMIT 1;

-- name: first
SELECT snapshot, run_id, published_at, checked_at
FROM rumortrail_nights JOIN ducklake_snapshot ON snapshot_id = snapshot
ORDER BY published_at, snapshot LIMIT 1;

-- name: last_snapshot
SELECT max(snapshot_id) FROM ducklake_snapshot;

-- name: small_files
-- The most files below a size that one table has.
SELECT coalesce(max(files), 0)
FROM (
    SELECT count(*) AS files FROM ducklake_data_file
    WHERE end_snapshot IS NULL AND file_size_bytes < %(size)s
    GROUP BY table_id
) AS tables;

-- name: lock
SELECT pg_try_advisory_lock(hashtext('rumortrail'), hashtext(%(schema)s));

-- name: holder
-- Who holds the lock: what it calls itself, from where, since when.
SELECT a.application_name, coalesce(host(a.client_addr), 'its own machine'), a.backend_start
FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.classid::BIGINT = hashtext('rumortrail')::BIGINT & 4294967295
  AND l.objid::BIGINT = hashtext(%(schema)s)::BIGINT & 4294967295;
