-- The questions of docs/sql.md, each with its section, where one begins, and its words.

-- name: changed_since_yesterday
-- section: What is new
-- What changed since yesterday, and why?
SELECT h.judged_at, h.status_before, h.status, c.claim, h.reason
FROM changes AS h JOIN claims AS c USING (claim_id)
WHERE h.judged_at > (SELECT value::TIMESTAMP FROM meta WHERE key = 'published_at') - INTERVAL 1 DAY
ORDER BY c.importance DESC, c.claim_id LIMIT 100

-- name: moved_last
-- What moved last, and why?
SELECT last_moved_at, status, claim, reason FROM claims ORDER BY last_moved_at DESC, claim_id LIMIT 20

-- name: worth_a_check
-- What deserves a check and is not settled, and why?
SELECT claim, checkworthy_why, status, voices FROM claims
WHERE status IN ('unverified', 'disputed') ORDER BY checkworthy DESC, claim_id LIMIT 20

-- name: due_this_week
-- Which predictions are due this week?
SELECT c.event_at, c.event_precision, c.claim, c.status, c.voices
FROM claims AS c, (SELECT value::TIMESTAMP AS now FROM meta WHERE key = 'published_at') AS m
WHERE c.event_at >= m.now AND c.event_at < m.now + INTERVAL 7 DAY
  AND c.status IN ('unverified', 'corroborated', 'disputed')
ORDER BY c.event_at, c.claim_id

-- name: status_of_one_claim
-- section: Where a claim stands
-- How did one claim's status change over time?
SELECT timeline."at", status, reason FROM timeline
WHERE event = 'status' AND claim_id = (SELECT claim_id FROM claims ORDER BY voices DESC, claim_id LIMIT 1)
ORDER BY timeline."at"

-- name: followed
-- What do we follow, and what was found on it?
SELECT claim, followed_by, followed_since, followed_why, status, supports, denies, questions, reports
FROM claims WHERE followed_by IS NOT NULL ORDER BY followed_since DESC, claim_id

-- name: known_on_a_day
-- What was known on a day? (Where the claims stood then, judged by nothing that came later.)
SELECT h.status, c.claim, h.voices, h.reason
FROM status_history AS h JOIN claims AS c USING (claim_id)
WHERE h.last_step AND h.judged_at <= TIMESTAMP '2026-01-10'
  AND (h.judged_until IS NULL OR h.judged_until > TIMESTAMP '2026-01-10')
ORDER BY h.judged_at DESC, h.claim_id LIMIT 100

-- name: judged_otherwise_then
-- Which claims stood otherwise on a day than we thought on that day? (What was said by then, and not seen
-- yet.)
SELECT c.claim, k.status AS known_then, h.status AS known_now, h.since, h.reason
FROM status_history AS k JOIN status_history AS h USING (claim_id) JOIN claims AS c USING (claim_id)
WHERE k.last_step AND k.judged_at <= TIMESTAMP '2026-01-10'
  AND (k.judged_until IS NULL OR k.judged_until > TIMESTAMP '2026-01-10')
  AND h.judged_until IS NULL AND h.since <= TIMESTAMP '2026-01-10'
  AND (h.until IS NULL OR h.until > TIMESTAMP '2026-01-10') AND h.status <> k.status
ORDER BY c.claim_id LIMIT 100

-- name: one_organisation_by_month
-- How do the claims about one organisation stand, month by month?
SELECT date_trunc('month', first_said_at)::DATE AS month, status, count(*) AS claims
FROM claims WHERE list_contains(organisations, 'Aurel') GROUP BY ALL
ORDER BY month NULLS LAST, claims DESC, status

-- name: about_one_model
-- What is claimed about one model, and by which benchmark?
SELECT c.kind, c.claim, c.status, b.subject AS benchmark
FROM subjects AS s JOIN claims AS c USING (claim_id)
LEFT JOIN subjects AS b ON b.claim_id = s.claim_id AND b.type = 'benchmark'
WHERE s.type = 'model' AND s.subject = 'Aster 4' ORDER BY c.importance DESC, c.claim_id LIMIT 100

-- name: competing_numbers
-- Which numbers compete for one model?
SELECT a.claim, a.status, b.claim AS rival, b.status AS rival_status, r.words
FROM rivals AS r JOIN claims AS a ON a.claim_id = r.claim_id JOIN claims AS b ON b.claim_id = r.rival_id
WHERE r.slot = 'number' AND r.claim_id < r.rival_id AND list_contains(a.entities, 'Aster 4')
ORDER BY a.claim_id, b.claim_id

-- name: basis_of_one_story
-- What does the story of DeepSeek's training cost rest on (supporting and doubting voices)?
SELECT c.claim_id, c.claim, c.status, e.stance, e.speaker, e.source, e.said_at, e.quote
FROM claims AS c JOIN evidence AS e USING (claim_id)
WHERE list_contains(c.organisations, 'DeepSeek') AND c.kind = 'price' AND c.claim ILIKE '%cost%'
ORDER BY c.mentions DESC, c.claim_id, e.said_at

-- name: talked_about_badly_supported
-- What is much talked about and badly supported? (Importance and credibility are two figures that never mix.)
SELECT claim, importance, score, voices, mentions, importance_why FROM claims
WHERE score < 0.5 AND status NOT IN ('contradicted', 'retracted', 'expired')
ORDER BY importance DESC, claim_id LIMIT 20

-- name: repeated_on_one_voice
-- section: Voices
-- Which claims are much repeated and still rest on a single voice?
SELECT claim, voices, supports + reports AS repetitions FROM claims
WHERE voices <= 1 AND supports + reports >= 3 ORDER BY repetitions DESC, claim_id LIMIT 100

-- name: nobody_named
-- For which claims does nobody stand who has a name?
SELECT c.claim, c.status, s.mentions, s.documents
FROM (
    SELECT claim_id, count(*) AS mentions, count(DISTINCT document_id) AS documents FROM evidence
    WHERE stance IN ('supports', 'reports') GROUP BY claim_id HAVING bool_and(speaker_role = 'anonymous')
) AS s JOIN claims AS c USING (claim_id)
ORDER BY s.mentions DESC, c.claim_id LIMIT 100

-- name: who_repeats_whom
-- Who repeats whom?
SELECT d.source, o.source AS repeats, count(*) AS times, list(DISTINCT p.kind ORDER BY p.kind) AS how
FROM provenance AS p JOIN documents AS d USING (document_id)
JOIN documents AS o ON o.document_id = p.origin_document_id
WHERE d.source_id <> o.source_id AND p.kind <> 'reply'
GROUP BY ALL ORDER BY times DESC, d.source, repeats LIMIT 50

-- name: never_named_anybody
-- Which outlets carried claims and never named anybody who says so?
SELECT s.name, count(*) AS mentions, count(DISTINCT e.claim_id) AS claims
FROM evidence AS e JOIN sources AS s USING (source_id)
WHERE s.role = 'press' AND e.stance IN ('supports', 'reports')
GROUP BY s.source_id, s.name
HAVING count(*) FILTER
    (e.attributed_to IS NOT NULL OR (e.speaker <> s.name AND e.speaker_role <> 'anonymous')) = 0
ORDER BY mentions DESC, s.name

-- name: one_person_on_one_company
-- What did one person say about one company?
SELECT e.said_at, e.said_precision, c.claim, e.stance, e.quote, e.source, e.url
FROM evidence AS e JOIN claims AS c USING (claim_id)
WHERE e.speaker = 'Ines Okafor' AND list_contains(c.organisations, 'Aurel') ORDER BY e.said_at, e.mention_id
LIMIT 200

-- name: first_on_true_claims
-- section: First, and right
-- Who was first on claims that proved true?
SELECT name, who, count(*) AS first_and_right, median(lead_days) AS days_ahead FROM track_record_claims
WHERE counted AND outcome = 'held' GROUP BY ALL ORDER BY first_and_right DESC, name LIMIT 50

-- name: nobody_can_tell_who_was_first
-- Where can nobody tell who was first?
SELECT c.claim, e.source, e.voice_name, e.said_at, e.said_precision, e.said_earliest, e.said_latest
FROM claims AS c JOIN evidence AS e USING (claim_id)
WHERE len(c.first_evidence_ids) > 1 AND list_contains(c.first_evidence_ids, e.evidence_id)
ORDER BY c.claim, c.claim_id, list_position(c.first_evidence_ids, e.evidence_id) LIMIT 200

-- name: first_and_right_most_often
-- Which accounts were first and right most often, where there are enough cases to say so?
SELECT r.name, s.platform, r.held, r.settled, r.low, r.high
FROM track_records AS r JOIN sources AS s ON s.source_id = r.who_id
WHERE r.who = 'source' AND r.slice = 'all' AND NOT r.few AND s.platform NOT IN ('news', 'blog')
ORDER BY r.low DESC, r.name LIMIT 50

-- name: rumour_to_confirmation
-- How long from the rumour to its confirmation, by organisation?
SELECT organisation, count(*) AS confirmed, median(days) AS median_days, min(days) AS shortest,
       max(days) AS longest
FROM (
    SELECT unnest(c.organisations) AS organisation,
           date_diff('hour', c.first_said_at, h.moved_at) / 24 AS days
    FROM claims AS c JOIN status_history AS h USING (claim_id)
    WHERE h.judged_until IS NULL AND h.last_step AND h.status = 'substantiated'
      AND h.moved_at >= c.first_said_at
) GROUP BY organisation ORDER BY confirmed DESC, organisation

-- name: moved_release_dates
-- How did the dates of one release move, who said them, and how did each come out?
SELECT organisation, model, revision, claim, speaker, said_at, deadline, moved_days, state, void
FROM goalposts
WHERE organisation = 'Aurel' ORDER BY organisation, model, revision

-- name: reached_rungs
-- How far has each model come, and by what?
SELECT organisation, model, rung, reached_at, url, words FROM releases
ORDER BY organisation, model, reached_at

-- name: claims_that_could_be_checked
-- How many dated claims could be checked at all? (Tell it beside every figure of accuracy.)
SELECT kind, dated, resolvable, resolved, met, missed, void FROM coverage ORDER BY dated DESC, kind

-- name: who_denies
-- section: Denials
-- Who denies, in which words?
SELECT c.claim, e.speaker, e.speaker_role, e.quote, e.url
FROM evidence AS e JOIN claims AS c USING (claim_id)
WHERE e.stance = 'denies' ORDER BY e.said_at DESC, e.mention_id LIMIT 200

-- name: denials_later_admitted
-- Which denials were later admitted by the same organisation?
SELECT c.claim, d.speaker AS denied_by, d.said_at AS denied_at, d.quote AS denial,
       a.speaker AS admitted_by, a.said_at AS admitted_at, a.quote AS admission
FROM evidence AS d JOIN evidence AS a USING (claim_id, speaker_organisation) JOIN claims AS c USING (claim_id)
WHERE d.stance = 'denies' AND d.speaker_role = 'first_party' AND a.stance = 'supports'
  AND a.speaker_role = 'first_party'
  AND a.said_at > d.said_at AND c.status = 'substantiated'
QUALIFY row_number() OVER (PARTITION BY claim_id, d.mention_id ORDER BY a.said_at, a.mention_id) = 1
ORDER BY a.said_at DESC, d.mention_id LIMIT 100

-- name: deleted_after_a_denial
-- What was found deleted within a day of a denial?
SELECT c.claim, d.speaker AS denied_by, d.said_at AS denied_at, g.source, g.author, g.quote, g.url, g.gone_at
FROM evidence AS g JOIN evidence AS d USING (claim_id) JOIN claims AS c USING (claim_id)
WHERE d.stance = 'denies' AND g.stance IN ('supports', 'reports')
  AND g.gone_at >= d.said_at AND g.gone_at < d.said_at + INTERVAL 1 DAY
QUALIFY row_number() OVER
    (PARTITION BY claim_id, g.document_id ORDER BY d.said_at DESC, d.mention_id, g.mention_id) = 1
ORDER BY g.gone_at DESC, g.mention_id LIMIT 100

-- name: edited_or_deleted_posts
-- section: Edits and deletions
-- Which posts behind a claim were edited or deleted?
SELECT c.claim, t.event, t."at" AS seen, t.reason FROM timeline AS t JOIN claims AS c USING (claim_id)
WHERE t.event IN ('edited', 'gone') ORDER BY seen DESC, t.claim_id, t.reason LIMIT 200

-- name: changed_without_saying
-- Who changed a text without saying so?
SELECT source, url, unchanged_at, seen_at, change, removed, added FROM edits
WHERE change <> 'trivial' AND NOT noted ORDER BY seen_at DESC, version_id LIMIT 200

-- name: headlines_made_plain
-- Which hedged headlines became plain?
SELECT d.source, d.url, a.quote AS before, a.certainty, b.quote AS after, w.seen_at
FROM mentions AS a JOIN versions AS v ON v.version_id = a.version_id
JOIN mentions AS b ON b.document_id = a.document_id AND b.claim_id = a.claim_id
JOIN versions AS w ON w.version_id = b.version_id AND w.number > v.number
JOIN documents AS d ON d.document_id = a.document_id
WHERE a.part = 'title' AND b.part = 'title' AND a.certainty IN ('hedged', 'reported', 'questioned')
  AND b.certainty = 'asserted'
ORDER BY w.seen_at DESC, b.mention_id LIMIT 200

-- name: statements_softened
-- Which plain mentions were hedged, or left out, without a note?
SELECT c.claim, t."at" AS seen, t.reason FROM timeline AS t JOIN claims AS c USING (claim_id)
WHERE t.event = 'hedged' ORDER BY seen DESC, t.claim_id, t.reason LIMIT 200

-- name: stances_changed_by_editors
-- section: How we know
-- Which stances did an editor change?
SELECT c.claim, e.quote, e.machine_stance, e.confidence, e.stance, d.editor, d.decided_at, d.reason
FROM decisions AS d JOIN evidence AS e ON e.mention_id = d.target JOIN claims AS c ON c.claim_id = e.claim_id
WHERE d.kind = 'stance' AND d.undone_at IS NULL AND e.stance <> e.machine_stance
ORDER BY d.decided_at DESC, e.mention_id

-- name: languages_and_platforms
-- Which languages and platforms do the documents come from?
SELECT platform, coalesce(language, 'not known') AS language, count(*) AS documents,
       count(published_at) AS dated
FROM documents GROUP BY ALL ORDER BY documents DESC, platform, language

-- name: quotes_out_of_place
-- Is each quote where we say it is? (No row is the right answer.)
SELECT m.mention_id FROM mentions AS m JOIN versions AS v USING (version_id)
WHERE m.quote <> substring(
    CASE m.part WHEN 'title' THEN v.title ELSE v.text END, m.start_char + 1, m.end_char - m.start_char)

-- name: unread_in_the_last_run
-- Which sources could not be read in the last run?
SELECT source, outcome, message FROM crawls
WHERE outcome <> 'ok' AND run_id = (SELECT max_by(run_id, started_at) FROM runs) ORDER BY source

-- name: time_unread
-- How long was each source unread, in all?
SELECT source, kind, count(*) AS times, sum(date_diff('hour', since, coalesce(until, m.now))) AS hours,
       bool_or(until IS NULL) AS still
FROM (SELECT DISTINCT source, kind, since, until FROM silences WHERE kind NOT IN ('off', 'too_few')) AS s,
     (SELECT value::TIMESTAMP AS now FROM meta WHERE key = 'published_at') AS m
GROUP BY ALL ORDER BY hours DESC, source, kind

-- name: unread_while_disputed
-- Which sources could not be read while a disputed claim moved? What they said of it may be missing.
SELECT c.claim, b.source, b.kind, b.since, b.until, b.bears_as
FROM blind_spots AS b JOIN claims AS c USING (claim_id)
WHERE c.status = 'disputed' ORDER BY c.claim_id, b.since, b.source LIMIT 200

-- name: ailing_sources
-- Which sources are ailing, have gone stale, or gave much less than usual in their last crawl?
SELECT h.source, h.ailing, h.stale, h.nights_failed, h.last_ok_at, h.why, c.listed, c.usual
FROM source_health AS h JOIN crawls AS c ON c.feed = h.feed AND c.started_at = h.last_crawl_at
WHERE h.ailing OR h.stale OR c.listed < c.usual / 2 ORDER BY h.ailing DESC, h.source
