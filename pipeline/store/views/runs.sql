-- Decisions, crawls, runs and issues.

CREATE OR REPLACE VIEW decisions AS
SELECT d.number, d.decision_id, d.kind, d.target,
       CASE WHEN d.kind <> 'follow' OR x.claim_id IS NULL THEN d.value END AS value, d.reason, d.editor,
       d.decided_at, d.undone_at, d.claim_id, d.sha256,
       CASE WHEN starts_with(d.kind, 'story_') THEN coalesce(h.heir, i.heir, s.story_id) END AS story_id
FROM step.bearings AS d
LEFT JOIN step.hidden AS x ON x.claim_id = d.target
LEFT JOIN store.story_heirs AS h ON h.story_id = d.target
LEFT JOIN store.stories AS s ON s.story_id = d.target
-- A claim that was put to a story is none itself: the decision bears on that story.
LEFT JOIN (
    SELECT v.story_id, coalesce(e.heir, v.story_id) AS heir
    FROM store.stories AS v LEFT JOIN store.story_heirs AS e USING (story_id)
) AS i ON i.story_id = d.value AND d.kind = 'story_merge' AND s.story_id IS NULL;

-- `usual` is the median of what the listing held in the fourteen crawls before, as far as it was read whole
-- in them.
CREATE OR REPLACE VIEW crawls AS
SELECT c.run_id, c.feed, s.name AS source, c.started_at, c.finished_at, c.outcome, c.documents, c.requests,
       c.message, c.listed, c.expect_min, c.expect_max,
       median(c.listed) OVER (
           PARTITION BY c.feed ORDER BY c.started_at, c.finished_at ROWS BETWEEN 14 PRECEDING AND 1 PRECEDING
       ) AS usual
FROM store.crawls AS c
LEFT JOIN store.sources AS s ON s.source_id = c.feed;

-- A night is a day of UTC, so that trials by hand on one day are one night. It failed where something was
-- lost and nothing came; one without a network says nothing of any source. A source that is switched off, or
-- no longer declared (not asked in the seven days before the newest crawl), is not ailing, nor stale. The
-- days on which something new was published tell a source's rhythm, those of its last thirty gaps: fewer than
-- five tell nothing, and one that was as quiet before may be so again. One whose documents others brought
-- first is not quiet as long as its crawls bring more than its own. `crawlers/engine/rhythm.py` reckons so
-- for a listing.
CREATE OR REPLACE VIEW source_health AS
WITH ended AS (
    SELECT *, row_number() OVER (PARTITION BY feed ORDER BY started_at DESC, finished_at DESC,
                                 inbox_folder DESC) AS back,
           CASE outcome WHEN 'failed' THEN CASE WHEN NOT starts_with(coalesce(message, ''), 'no network: ')
                                                THEN true END
               WHEN 'partial' THEN documents = 0 WHEN 'ok' THEN false END AS failed
    FROM store.crawls
    LEFT JOIN (
        SELECT c.feed, c.started_at, count(*) AS own
        FROM store.documents AS d ASOF JOIN store.crawls AS c
            ON c.feed = d.feed AND c.started_at <= d.seen_at
        GROUP BY c.feed, c.started_at
    ) USING (feed, started_at)
), streak AS (
    SELECT *, min(back) FILTER (NOT failed) OVER (PARTITION BY feed) AS well,
           count(listed) OVER (PARTITION BY feed ORDER BY back) AS readings
    FROM ended
), health AS (
    SELECT feed, min(outcome) FILTER (back = 1) AS outcome, max(started_at) AS last_crawl_at,
           max(started_at) FILTER (NOT failed) AS last_ok_at,
           max(started_at) FILTER (documents > coalesce(own, 0))::DATE AS brought_on,
           count(DISTINCT started_at::DATE) FILTER (failed
                                                    AND (well IS NULL OR back < well)) AS nights_failed,
           arg_min(message, back) FILTER (failed AND (well IS NULL OR back < well)) AS why,
           min(expect_min) FILTER (back = 1) AS expect_min, min(expect_max) FILTER (back = 1) AS expect_max,
           median(listed) FILTER (readings <= 14) AS usual
    FROM streak
    GROUP BY feed
), entry_days AS (
    SELECT DISTINCT d.feed, CASE WHEN d.published_at <= d.seen_at
                                     AND step.to_the_day(d.published_precision)
                                 THEN d.published_at ELSE d.seen_at END::DATE AS day
    FROM store.documents AS d
    WHERE d.feed <> 'linked'
), gaps AS (
    SELECT feed, day, date_diff('day', lag(day) OVER (PARTITION BY feed ORDER BY day), day) AS gap,
           row_number() OVER (PARTITION BY feed ORDER BY day DESC) AS back
    FROM entry_days
), rhythm AS (
    SELECT feed, max(day) AS newest_on, max(gap) AS longest,
           CASE WHEN count(gap) >= 5 THEN quantile_disc(gap, 0.5) END AS usual_gap
    FROM gaps WHERE back <= 30
    GROUP BY feed
), told AS (
    SELECT h.*, r.newest_on, r.usual_gap, h.outcome <> 'off'
               AND h.last_crawl_at > (SELECT max(started_at) FROM store.crawls) - INTERVAL 7 DAY AS asked,
           date_diff('day', greatest(r.newest_on, h.brought_on), h.last_ok_at::DATE) AS since,
           coalesce(since > 5 * r.usual_gap AND since > r.longest, false) AS quiet
    FROM health AS h LEFT JOIN rhythm AS r USING (feed)
)
SELECT t.feed, coalesce(s.name, t.feed) AS source, t.outcome, t.last_crawl_at, t.last_ok_at, t.nights_failed,
       t.nights_failed >= 3 AND t.asked AS ailing, t.quiet AND t.asked AS stale,
       CASE WHEN t.nights_failed < 3 AND t.quiet AND t.asked
            THEN 'nothing new since ' || t.newest_on || ', usually every '
                || CASE t.usual_gap WHEN 1 THEN 'day' ELSE t.usual_gap || ' days' END
            ELSE t.why END AS why,
       t.newest_on, t.usual_gap, t.expect_min, t.expect_max, t.usual
FROM told AS t
LEFT JOIN store.sources AS s ON s.source_id = t.feed;

-- The crawls of each source in their order, those of one inbox folder taken together. Which run read them
-- tells nothing: one reads several nights where those before it were killed.
CREATE OR REPLACE VIEW step.turns AS
SELECT inbox_folder, feed, max(run_id) AS run_id, min(started_at) AS started_at,
       sum(documents)::BIGINT AS documents, bool_and(outcome = 'off') AS off,
       bool_or(outcome = 'failed') AS failed, min(message) AS message,
       row_number() OVER (PARTITION BY feed ORDER BY min(started_at), inbox_folder) AS turn,
       lead(min(started_at)) OVER (PARTITION BY feed ORDER BY min(started_at), inbox_folder) AS next_at
FROM store.crawls
GROUP BY inbox_folder, feed;

-- What kept each turn from reading its source: the kinds of its faults, by their codes.
CREATE OR REPLACE VIEW step.hindrances AS
WITH kinds AS (
    SELECT inbox_folder, source_id AS feed, issue_id, message,
           CASE WHEN code IN ('robots', 'http_401', 'http_403', 'http_451') THEN 'blocked'
                WHEN code IN ('http_402', 'paywall') THEN 'paywalled'
                WHEN code = 'http_429' THEN 'rate_limited'
                WHEN code = 'too_few' THEN 'too_few'
                WHEN code <> 'too_many' AND severity = 'error' THEN 'failing' END AS kind
    FROM store.issues
    WHERE stage = 'crawl' AND code <> 'site_refuses'
), told AS (
    SELECT inbox_folder, feed, kind, count(*) AS times, arg_min(message, issue_id) AS message
    FROM kinds WHERE kind IS NOT NULL
    GROUP BY inbox_folder, feed, kind
)
SELECT t.inbox_folder, t.feed, k.kind, k.times, k.message
FROM step.turns AS t JOIN told AS k ON k.inbox_folder = t.inbox_folder AND k.feed = t.feed
WHERE NOT t.off
UNION ALL
SELECT t.inbox_folder, t.feed, CASE WHEN t.off THEN 'off' ELSE 'failing' END, 1, t.message
FROM step.turns AS t
WHERE t.off OR (t.failed AND NOT EXISTS (SELECT 1 FROM told AS k WHERE k.inbox_folder = t.inbox_folder
                                         AND k.feed = t.feed));

-- Silence is news about us, not about the world. It lasts from the first crawl that met a hindrance to the
-- next crawl of the source that did not meet it.
CREATE OR REPLACE VIEW silences AS
WITH placed AS (
    SELECT h.*, t.run_id, t.started_at, t.next_at, t.documents, t.turn,
           t.turn - row_number() OVER (PARTITION BY h.feed, h.kind ORDER BY t.turn) AS spell
    FROM step.hindrances AS h JOIN step.turns AS t ON t.inbox_folder = h.inbox_folder AND t.feed = h.feed
)
SELECT p.run_id, p.feed, coalesce(s.name, p.feed) AS source, p.kind,
       min(p.started_at) OVER whole AS since,
       last_value(p.next_at) OVER (whole ORDER BY p.turn ROWS BETWEEN UNBOUNDED PRECEDING
                                   AND UNBOUNDED FOLLOWING) AS until,
       row_number() OVER (whole ORDER BY p.turn) AS nights, p.times, p.documents, p.message
FROM placed AS p
LEFT JOIN store.sources AS s ON s.source_id = p.feed
WINDOW whole AS (PARTITION BY p.feed, p.kind, p.spell);

CREATE OR REPLACE VIEW stages AS
SELECT run_id, stage, inputs, done, skipped, failed, seconds, detail FROM store.stage_runs;

CREATE OR REPLACE VIEW runs AS
SELECT r.run_id, r.command, r.started_at, r.finished_at, r.outcome, r.message,
       (SELECT count(*) FROM store.documents AS d WHERE d.run_id = r.run_id) AS documents,
       (SELECT count(*) FROM store.mentions AS m WHERE m.run_id = r.run_id) AS mentions,
       (SELECT count(*) FROM store.claims AS c WHERE c.run_id = r.run_id) AS claims,
       (SELECT count(*) FROM store.issues AS i WHERE i.run_id = r.run_id) AS issues
FROM store.runs AS r;

CREATE OR REPLACE VIEW issues AS
SELECT i.issue_id, i.run_id, i.seen_at, i.stage, i.severity, i.code, s.name AS source, i.source_id, i.place,
       i.message
FROM store.issues AS i
LEFT JOIN store.sources AS s USING (source_id);
