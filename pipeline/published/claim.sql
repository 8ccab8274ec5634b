-- The one reader of a claim. An instant is told by two clocks: what we had seen before $seen, and what had
-- been said, or had happened, before $said. Both are the year 9999 for now. Statements that name $claims read
-- several claims at once, $claims in the order of their ids; `of_claim` is the claim that a row belongs to.

-- name: asked
-- Part of other statements: the claims that are read.
SELECT unnest($claims::VARCHAR[]) AS claim_id

-- name: known
-- Part of other statements, and laid out once where all of them are asked: the evidence of claims as of an
-- instant. What was learned later stands in none of its columns: no later mention, deletion, editor's stance,
-- merge, join or move. What was not traced to an origin, or only to one that was not seen yet, is nobody's
-- voice: it is never independent, and `is_voice` is false.
SELECT e.* EXCLUDE
    (machine_claim_id, stance, gone_at, voice, voice_name, independent, voice_reason, title,
                    origin_document_id, origin_gone_at, origin_edited),
       coalesce(d.value, e.machine_stance) AS stance,
       CASE WHEN e.gone_at < least($seen, $said) THEN e.gone_at END AS gone_at,
       CASE WHEN u.traced THEN e.voice ELSE 'untraced:' || e.document_id END AS voice_key,
       CASE WHEN u.traced THEN coalesce(e.voice_name, e.source) ELSE e.source END AS voice_name,
       u.traced AND e.independent AS independent,
       u.traced AND e.voice <> 'hearsay' AS is_voice,
       CASE WHEN u.traced THEN e.voice_reason
            ELSE 'not yet traced to its origin, so it counts as no voice' END AS voice_reason,
       CASE WHEN u.traced THEN e.origin_document_id END AS origin_document_id,
       coalesce(e.said_at, e.seen_at) AS "when"
FROM evidence AS e
LEFT JOIN documents AS o ON o.document_id = e.origin_document_id
LEFT JOIN (
    SELECT claim_id, voice, min(seen_at) AS heard_at FROM evidence
    WHERE claim_id BETWEEN $claims[1] AND $claims[-1] AND claim_id IN {asked} AND independent
    GROUP BY claim_id, voice
) AS w ON w.claim_id = e.claim_id AND w.voice = e.voice
CROSS JOIN LATERAL {pipeline.published.as_of.traced} AS u
LEFT JOIN {pipeline.published.as_of.stances} AS d ON d.target = e.mention_id
WHERE e.claim_id BETWEEN $claims[1] AND $claims[-1] AND e.claim_id IN {asked}
  AND e.seen_at < $seen AND coalesce(e.said_at, e.seen_at) < $said
  AND ($seen >= TIMESTAMP '9999-01-01' OR (e.claim_id, coalesce(e.machine_claim_id, e.claim_id)) IN (
    -- The claims that had been merged into this one by then, by editors or by the machine.
    WITH RECURSIVE merged AS MATERIALIZED (
        FROM {pipeline.published.as_of.merged}
    ), joined (claim_id, part_id) AS (
        SELECT claim_id, claim_id FROM {asked}
        UNION
        SELECT j.claim_id, m.claim_id FROM merged AS m JOIN joined AS j ON m.into_id = j.part_id
    )
    SELECT (claim_id, part_id) FROM joined
  ) OR e.mention_id IN {pipeline.published.as_of.moved})

-- name: seconded
-- Part of other statements: what a second reader said of each mention of a claim; of several the last.
SELECT claim_id, mention_id, arg_max(model, (asked_at, model)) AS second_reader,
       arg_max(relation, (asked_at, model)) AS second_relation,
       arg_max(quotation, (asked_at, model)) AS second_quotation
FROM second_opinions WHERE claim_id IN {asked} AND asked_at < $seen GROUP BY claim_id, mention_id

-- name: steps
-- Part of other statements: the statuses that claims took, as the judgement that was the newest at $seen has
-- them;
-- `stood` marks the one that held at $said.
SELECT *, until IS NULL OR until >= $said AS stood FROM status_history
WHERE judged_at < $seen AND (judged_until IS NULL OR judged_until >= $seen) AND since < $said

-- name: tally
-- Part of the next statement: how much was known.
SELECT claim_id, count(*) AS mentions,
       count(*) FILTER (stance = 'supports') AS supports, count(*) FILTER (stance = 'denies') AS denies,
       count(*) FILTER (stance = 'questions') AS questions, count(*) FILTER (stance = 'reports') AS reports,
       count(DISTINCT voice_key) FILTER (stance = 'denies' AND is_voice) AS denied_by,
       count(DISTINCT voice_key) FILTER (stance = 'questions' AND is_voice) AS questioned_by,
       min(seen_at) AS first_seen_at, max(seen_at) AS last_seen_at
FROM {known} GROUP BY claim_id

-- name: follow
-- Part of the next statement: who followed the claim, or one that it stands for, since when and why.
SELECT claim_id, editor AS followed_by, decided_at AS followed_since, reason AS followed_why FROM decisions
WHERE kind = 'follow' AND claim_id IN {asked} AND decided_at < $seen
  AND (undone_at IS NULL OR undone_at >= $seen)
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY number DESC) = 1

-- name: claim
-- The claim and where it stood. Importance counts the last 48 hours, and is not kept by day.
SELECT c.claim_id AS of_claim, c.claim_id, c.claim, c.kind, c.organisations, c.entities, c.event_at,
       c.event_precision,
       coalesce(s.status, 'unverified') AS status, s.score, coalesce(s.voices, 0) AS voices, s.rule, s.reason,
       s.would_change, coalesce(s.evidence_ids, []) AS evidence_ids, coalesce(t.mentions, 0) AS mentions,
       coalesce(t.supports, 0) AS supports, coalesce(t.denies, 0) AS denies,
       coalesce(t.questions, 0) AS questions, coalesce(t.reports, 0) AS reports,
       coalesce(t.denied_by, 0) AS denied_by, coalesce(t.questioned_by, 0) AS questioned_by,
       coalesce(t.first_seen_at, c.first_seen_at) AS first_seen_at,
       coalesce(t.last_seen_at, c.first_seen_at) AS last_seen_at,
       CASE WHEN least($seen, $said) >= TIMESTAMP '9999-01-01' THEN c.importance END AS importance,
       CASE WHEN least($seen, $said) >= TIMESTAMP '9999-01-01' THEN c.importance_why END AS importance_why,
       f.followed_by, f.followed_since, f.followed_why
FROM claims AS c
LEFT JOIN {tally} AS t USING (claim_id)
LEFT JOIN {follow} AS f USING (claim_id)
LEFT JOIN (
    FROM {steps} WHERE claim_id BETWEEN $claims[1] AND $claims[-1] AND claim_id IN {asked} AND stood
) AS s USING (claim_id)
WHERE c.claim_id BETWEEN $claims[1] AND $claims[-1] AND c.claim_id IN {asked}
ORDER BY c.claim_id;

-- name: path
-- Part of other statements: a claim, and those into which it was merged or joined, one after the other; a
-- circle ends.
WITH RECURSIVE merges AS MATERIALIZED (
    SELECT target, arg_max(value, number) AS value FROM decisions
    WHERE kind = 'merge' AND undone_at IS NULL GROUP BY target
    UNION ALL
    SELECT joined_id, into_id FROM joins WHERE parted_at IS NULL
), path (claim_id) AS (
    SELECT $claim_id::VARCHAR
    UNION
    SELECT m.value FROM path AS p JOIN merges AS m ON m.target = p.claim_id
)
FROM path

-- name: heir
-- The claim that stands for one which was merged or joined away.
SELECT claim_id FROM claims SEMI JOIN {path} AS p USING (claim_id) WHERE claim_id <> $claim_id;

-- name: joined
-- The claim to which the machine joined one.
SELECT into_id FROM joins WHERE joined_id = $claim_id AND parted_at IS NULL;

-- name: hidden
-- The editor who hid a claim, or the one that stands for it.
SELECT editor FROM decisions SEMI JOIN {path} AS p ON p.claim_id = target
WHERE kind = 'hide' AND undone_at IS NULL ORDER BY number DESC LIMIT 1;

-- name: matching
-- Claims that have all these words, in whatever case and with whatever accents.
SELECT claim_id, status, mentions, claim FROM claims
WHERE list_bool_and(list_transform(
    $words::VARCHAR[], lambda word: contains(strip_accents(lower(claim)), strip_accents(lower(word)))))
ORDER BY mentions DESC, claim_id;

-- name: days
-- The days of UTC on which something of a claim was learned, and what.
SELECT day, count(*) FILTER (event IN ('supports', 'denies', 'questions', 'reports')) AS mentions,
       count(*) FILTER (event IN ('edited', 'hedged', 'corrected', 'gone')) AS changes,
       count(*) FILTER (event = 'decision') AS decisions,
       arg_max(status, (event = 'judged', judged_at)) AS status
FROM (
    SELECT seen_at::DATE AS day, event, NULL AS status, seen_at AS judged_at FROM timeline
    WHERE claim_id = $claim_id AND event NOT IN ('status', 'deadline')
    UNION ALL
    SELECT judged_at::DATE, 'judged', status, judged_at FROM status_history
    WHERE claim_id = $claim_id AND last_step
    UNION ALL
    SELECT undone_at::DATE, 'decision', NULL, undone_at FROM decisions
    WHERE claim_id = $claim_id AND undone_at IS NOT NULL
)
GROUP BY day ORDER BY day;

-- name: moves
SELECT claim_id AS of_claim, since AS "at", status, reason, moved_at IS NOT NULL AS at_is_said,
       evidence_ids[-1] AS evidence_id
FROM {steps}
WHERE claim_id BETWEEN $claims[1] AND $claims[-1] AND claim_id IN {asked}
ORDER BY since, step;

-- name: happenings
-- The newest of what became of the texts behind a claim.
SELECT claim_id AS of_claim, "at", event, reason, at_is_said, evidence_id FROM timeline
WHERE claim_id BETWEEN $claims[1] AND $claims[-1] AND claim_id IN {asked}
  AND list_contains($events::VARCHAR[], event) AND seen_at < $seen AND "at" < $said
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY "at" DESC, event, reason, evidence_id) <= $limit
ORDER BY "at" DESC, event, reason, evidence_id;

-- name: points
-- What the chart shows; of more than $limit the first words of each voice come first.
SELECT evidence_id, stance, said_at, said_precision, seen_at, coalesce(speaker, 'nobody named') AS speaker,
       source,
       independent, voice_key AS voice, voice_name, artefact
FROM {known}
ORDER BY independent DESC, row_number() OVER (PARTITION BY voice_key, stance ORDER BY "when", mention_id) > 1,
         "when", mention_id
LIMIT $limit;

-- name: heaps
-- How many mentions take each stance in each of 48 stretches of time: what the chart shows where not each
-- has a mark.
WITH told AS (
    SELECT stance, "when" FROM {known}
), span AS (
    SELECT min("when") AS first, greatest(max("when") - min("when"), INTERVAL 1 HOUR) / 47 AS step FROM told
)
SELECT stance, first + step * nth AS begins, first + step * (nth + 1) AS ends, count(*) AS mentions
FROM (SELECT stance, first, step, floor(epoch("when" - first) / epoch(step))::INTEGER AS nth FROM told, span)
GROUP BY ALL ORDER BY begins, stance;

-- name: first
-- Who said it first, as far as times tell: of each (`first_words.who`) of which no other is known to be
-- earlier, its earliest words. Of several nobody can tell which was first. As `step.first_words` of
-- pipeline/store/views/claims.sql, at any instant.
WITH heard AS (
    SELECT *, {pipeline.published.first_words.who} AS who, {pipeline.published.first_words.own} AS own
    FROM {known}
), spoke AS (
    SELECT claim_id, who, min(said_latest) AS latest,
           {pipeline.published.first_words.earliest} AS earliest,
           {pipeline.published.first_words.own_first} AS own_first
    FROM heard
    GROUP BY claim_id, who
), may_be_first AS (
    SELECT claim_id, who, own_first FROM spoke
    QUALIFY coalesce(earliest <= min(latest) OVER (PARTITION BY claim_id), true)
), listed AS (
    SELECT * FROM heard JOIN may_be_first USING (claim_id, who)
    QUALIFY row_number() OVER (PARTITION BY claim_id, who
                               ORDER BY own_first AND NOT independent, "when", part = 'title', mention_id) = 1
)
SELECT claim_id AS of_claim, evidence_id, document_id, speaker, speaker_role, speaker_organisation, source,
       source_id, platform, url, quote, cues, said_at, said_precision, seen_at, gone_at,
       count(*) OVER (PARTITION BY claim_id) AS total
FROM listed
QUALIFY row_number() OVER (PARTITION BY claim_id ORDER BY "when", part = 'title', mention_id) <= $limit
ORDER BY "when", part = 'title', mention_id;

-- name: voices
-- One page of the voices: a voice is one row, however many repeat it; what nobody stands behind comes last.
-- An organisation has its own name, whoever speaks for it; any other voice that of its first own words.
SELECT voice_key, coalesce(
           CASE WHEN starts_with(voice_key, 'organisation:') THEN
               arg_min(speaker_organisation, (NOT independent, "when", mention_id)) END,
           arg_min(voice_name, (NOT independent, "when", mention_id))
       ) AS name, bool_or(is_voice) AS is_voice, count(*) AS mentions, count(DISTINCT source_id) AS sources,
       count(*) OVER () AS total
FROM {known}
WHERE len($stances::VARCHAR[]) = 0 OR list_contains($stances::VARCHAR[], stance)
GROUP BY voice_key
ORDER BY bool_or(is_voice) = false,
       CASE WHEN $newest::BOOLEAN THEN -epoch_us(max("when")) ELSE epoch_us(min("when")) END, voice_key
LIMIT $limit OFFSET $offset;

-- name: placed
-- Which evidence of some voices is shown, at most $each of a voice: the document in which the voice speaks
-- itself first,
-- then those that pass it on. Of one document its text comes before its headline, which is shorter and by
-- another hand; of its sentences the one whose side is surest comes first.
-- Who takes another stance later has not repeated himself: the first words of each stance come before all
-- others.
SELECT mention_id, document_id, speaks, place
FROM (
    SELECT *, row_number() OVER (
        PARTITION BY voice_key
        ORDER BY speaks AND turn = 1 DESC, speaks DESC, "when", part = 'title', confidence DESC, mention_id
    ) AS place
    FROM (
        SELECT *, row_number() OVER (
            PARTITION BY voice_key, stance
            ORDER BY speaks DESC, "when", part = 'title', confidence DESC, mention_id
        ) AS turn
        FROM (
            SELECT mention_id, document_id, voice_key, stance, "when", part, confidence,
                   bool_or(independent) OVER (PARTITION BY voice_key, document_id, stance) AS speaks
            FROM {known}
            WHERE list_contains($voices::VARCHAR[], voice_key)
              AND (len($stances::VARCHAR[]) = 0 OR list_contains($stances::VARCHAR[], stance))
        )
    )
)
WHERE place <= $each;

-- name: mentions
SELECT claim_id AS of_claim, mention_id, document_id FROM {known};

-- name: evidence
-- Some of the evidence by time, each quote with $around characters of the same version before and after it.
-- The
-- documents are given beside the mentions: their texts are then read, and no others.
WITH shown AS (
    FROM {known} SEMI JOIN (SELECT unnest($mentions::VARCHAR[]) AS mention_id) AS asked USING (mention_id)
), kept AS (
    SELECT *, max(number) OVER (PARTITION BY document_id) AS newest FROM versions
    WHERE document_id IN (SELECT unnest($documents::VARCHAR[])) AND seen_at < $seen
), latest AS (
    SELECT v.document_id, arg_max(v.title, v.number) AS title, arg_max(v.text, v.number) AS text,
           coalesce(max(v.number) FILTER (v.read_anew IS NULL), 1) AS versions, max(v.seen_at)
               FILTER (v.read_anew IS NULL) AS edited_at,
           arg_max(v.unchanged_at, v.number) FILTER (v.read_anew IS NULL) AS unchanged_at,
           arg_max(v.extent, v.number) AS extent
    FROM kept AS v
    LEFT JOIN edits AS e USING (version_id)
    WHERE e.change IS DISTINCT FROM 'trivial'
    GROUP BY v.document_id
)
SELECT e.claim_id AS of_claim, e.voice_key, e.is_voice, e.evidence_id, e.mention_id, e.stance,
       e.machine_stance, e.confidence, e.entails, e.cues,
       e.quote, e.part, e.start_char, e.end_char, e.speaker, e.speaker_role, e.speaker_organisation,
              e.attributed_to,
       e.certainty, e.document_id, e.url, e.source, e.source_id, e.platform, e.author, l.title, e.said_at,
       e.said_precision, e.said_earliest, d.published_from, e.seen_at, e.voice_name, e.independent,
       e.voice_reason,
       nullif(e.origin_document_id, e.document_id) AS origin_document_id, e.gone_at,
       CASE WHEN e.gone_at IS NOT NULL THEN d.gone_after END AS gone_after,
       CASE WHEN e.gone_at IS NOT NULL THEN d.gone_evidence END AS gone_evidence, e.artefact, l.versions,
              l.edited_at,
       l.unchanged_at,
       v.extent <> l.extent
           OR contains(CASE e.part WHEN 'title' THEN coalesce(l.title, '') ELSE l.text END, e.quote)
           OR (
               SELECT arg_min_null(r.read_anew, r.number) FROM kept AS r
               WHERE r.document_id = e.document_id AND r.number > v.number
                   AND NOT contains(CASE e.part WHEN 'title' THEN coalesce(r.title, '') ELSE r.text END,
                                    e.quote)
           ) IS NOT NULL AS quote_stands, v.extent, v.modified_at, v.modified_precision,
       e.version_id, v.number AS version, v.newest AS newest_version, v.text_sha256, v.sha256, v.warc,
       e.quote IS NOT DISTINCT FROM substring(
           CASE e.part WHEN 'title' THEN v.title ELSE v.text END, e.start_char + 1, e.end_char - e.start_char
       ) AS in_place,
       CASE e.part WHEN 'text'
           THEN substring(v.text, greatest(1, e.start_char + 1 - $around), least(e.start_char, $around)) END
               AS before,
       CASE e.part WHEN 'text' THEN substring(v.text, e.end_char + 1, $around) END AS after,
       o.second_reader, o.second_relation, o.second_quotation
FROM shown AS e
JOIN latest AS l USING (document_id)
JOIN kept AS v ON v.version_id = e.version_id
JOIN documents AS d ON d.document_id = e.document_id
LEFT JOIN {seconded} AS o ON o.claim_id = e.claim_id AND o.mention_id = e.mention_id
ORDER BY e."when", e.document_id, e.start_char, e.mention_id;

-- name: export
-- All evidence as of an instant, for a file.
SELECT evidence_id, k.mention_id, stance, machine_stance, confidence, cues, quote, part, start_char, end_char,
       certainty, speaker,
       speaker_role, speaker_organisation, attributed_to, source, platform, author, url, said_at,
              said_precision, k.seen_at,
       said_earliest, said_latest, voice_key, voice_name, independent, gone_at, artefact, k.document_id,
       k.version_id, v.text_sha256,
              v.sha256, v.warc, o.second_reader, o.second_relation, o.second_quotation
FROM {known} AS k
LEFT JOIN versions AS v ON v.version_id = k.version_id
LEFT JOIN {seconded} AS o ON o.mention_id = k.mention_id
ORDER BY "when", k.document_id, start_char, k.mention_id;

-- name: rivals
-- Claims that look alike and were known, with where each stood then; the number of its voices is its own.
SELECT r.claim_id AS of_claim, r.rival_id, r.slot, r.words, c.claim,
       coalesce(s.status, 'unverified') AS status,
       coalesce(s.voices, 0) AS voices
FROM rivals AS r
JOIN claims AS c ON c.claim_id = r.rival_id
LEFT JOIN {steps} AS s ON s.claim_id = r.rival_id AND s.stood
WHERE r.claim_id IN {asked} AND c.first_seen_at < $seen
  AND coalesce(c.first_said_at, c.first_seen_at) < $said
QUALIFY row_number() OVER (PARTITION BY r.claim_id
                           ORDER BY coalesce(s.voices, 0) DESC, r.rival_id, r.slot) <= 50
ORDER BY coalesce(s.voices, 0) DESC, r.rival_id, r.slot;

-- name: signs
-- Each sign that one document of a claim follows another of it, or a voice that is not stored; the strongest
-- first, and
-- copies of one text last: they are copies of one another too.
WITH mine AS (
    SELECT DISTINCT claim_id, document_id, origin_document_id FROM {known}
), within AS (
    SELECT claim_id, document_id FROM mine
    UNION
    SELECT claim_id, origin_document_id FROM mine JOIN documents AS o ON o.document_id = origin_document_id
    WHERE o.seen_at < $seen
)
SELECT m.claim_id AS of_claim, p.document_id, p.origin_document_id, p.origin_name, p.kind, p.words,
       count(*) OVER (PARTITION BY m.claim_id) AS total
FROM provenance AS p
JOIN (SELECT DISTINCT claim_id, document_id FROM mine) AS m ON m.document_id = p.document_id
LEFT JOIN within AS w ON w.claim_id = m.claim_id AND w.document_id = p.origin_document_id
WHERE w.document_id IS NOT NULL OR (p.origin_document_id IS NULL AND p.origin_name IS NOT NULL)
QUALIFY row_number() OVER (PARTITION BY m.claim_id
                           ORDER BY p.kind = 'near_duplicate', p.strength DESC, p.edge_id) <= $limit
ORDER BY p.kind = 'near_duplicate', p.strength DESC, p.edge_id;

-- name: documents
-- Documents of claims, each of the claim beside it in $of, and what it says of that claim; of an origin that
-- does not speak to it, nothing.
SELECT asked.of_claim, d.document_id, d.source, d.source_id, d.author, d.url, d.published_at,
       d.published_precision,
       d.seen_at,
       CASE WHEN d.gone_at < least($seen, $said) THEN d.gone_at END AS gone_at,
       (SELECT max(x.seen_at) FROM edits AS x
        WHERE x.document_id = d.document_id AND x.change IS DISTINCT
        FROM 'trivial' AND x.seen_at < least($seen, $said)
       ) AS edited_at, e.stance,
       (SELECT arg_max(v.extent, v.number) FROM versions AS v
        WHERE v.document_id = d.document_id AND v.seen_at < $seen) AS extent
FROM documents AS d
JOIN (
    SELECT unnest($of::VARCHAR[]) AS of_claim, unnest($documents::VARCHAR[]) AS document_id
) AS asked ON asked.document_id = d.document_id
LEFT JOIN (
    SELECT claim_id, document_id, arg_min(stance, (start_char, mention_id)) AS stance
    FROM {known} GROUP BY claim_id, document_id
) AS e ON e.claim_id = asked.of_claim AND e.document_id = d.document_id
ORDER BY coalesce(d.published_at, d.seen_at), d.document_id;

-- name: edited
-- The versions after the first of the documents behind a claim; `trivial` edits come last.
SELECT w.document_id, w.number, d.url, d.source, coalesce(w.change, 'not compared yet') AS change,
       coalesce(w.noted, false) AS noted, w.unchanged_at, w.seen_at, count(*) OVER () AS total
FROM edits AS w
SEMI JOIN {known} AS e USING (document_id)
JOIN documents AS d USING (document_id)
WHERE w.seen_at < least($seen, $said)
ORDER BY w.change IS NOT DISTINCT FROM 'trivial', w.seen_at DESC, w.document_id, w.number DESC
LIMIT $limit;

-- name: wordings
-- All versions of some documents, to be compared.
SELECT document_id, number, title, text, headline FROM versions
WHERE list_contains($documents::VARCHAR[], document_id) AND seen_at < $seen
ORDER BY document_id, number;

-- name: gone
-- Deleted documents behind a claim: not seen any more between two instants, and how we know.
SELECT d.url, d.source, d.title, d.gone_after, d.gone_at, d.gone_evidence
FROM documents AS d
SEMI JOIN {known} AS e USING (document_id)
WHERE d.gone_at < least($seen, $said)
ORDER BY d.gone_at DESC, d.document_id LIMIT 100;

-- name: rungs
-- How far the models that a claim names had come, by what was seen.
SELECT r.model, r.organisation, r.rung, r.reached_at, r.at_is_said, r.url, r.words, d.seen_at
FROM releases AS r JOIN documents AS d USING (document_id)
WHERE list_contains($entities::VARCHAR[], r.model)
  AND list_contains($organisations::VARCHAR[], r.organisation)
  AND d.seen_at < $seen AND r.reached_at < $said
ORDER BY r.organisation, r.model, r.reached_at
LIMIT 40;

-- name: goalposts
-- Successive times for the releases that a claim names. How each came out is known for now alone.
SELECT g.model, g.claim_id, g.claim, g.deadline, g."precision", g.how,
       coalesce(s.status, 'unverified') AS status,
       CASE WHEN e.seen_at < $seen THEN g.speaker END AS speaker,
       CASE WHEN e.seen_at < $seen THEN g.said_at END AS said_at, g.seen_at,
       CASE WHEN $seen >= TIMESTAMP '9999-01-01' THEN g.state END AS state,
       CASE WHEN $seen >= TIMESTAMP '9999-01-01' THEN g.reason END AS reason,
       CASE WHEN $seen >= TIMESTAMP '9999-01-01' THEN g.void END AS void
FROM goalposts AS g
LEFT JOIN evidence AS e ON e.claim_id = g.claim_id AND e.evidence_id = g.evidence_id
LEFT JOIN {steps} AS s ON s.claim_id = g.claim_id AND s.stood
WHERE list_contains($entities::VARCHAR[], g.model)
  AND list_contains($organisations::VARCHAR[], g.organisation)
  AND g.seen_at < $seen AND coalesce(g.said_at, g.seen_at) < $said
ORDER BY g.model, g.revision
LIMIT 40;

-- name: resolutions
-- How a dated claim will be resolved: the text of its first sight, and those that were put beside it.
SELECT claim_id AS of_claim, number, written_at, rules, "text", why FROM resolution_texts
WHERE claim_id IN {asked} AND written_at < least($seen, $said) ORDER BY number;

-- name: outages
-- Sources that bear on a claim and could not be read while it moved.
SELECT b.claim_id AS of_claim, b.source, b.feed, b.kind, b.since,
       CASE WHEN b.until < $seen THEN b.until END AS until,
       CASE WHEN b.until < $seen OR $seen >= TIMESTAMP '9999-01-01' THEN b.message END AS message, b.bears_as
FROM blind_spots AS b
WHERE b.claim_id IN {asked} AND b.since < least($seen, $said)
  AND (b.bears_as <> 'its own source'
       OR (b.claim_id, b.feed) IN (
           SELECT (e.claim_id, d.feed) FROM documents AS d JOIN {known} AS e USING (document_id)))
ORDER BY b.since, b.source, b.kind, b.feed;

-- name: decisions
-- What editors had decided, the newest first, with what the machine says of the same.
SELECT d.claim_id AS of_claim, d.number, d.decision_id, d.kind, d.target, d.value, d.reason, d.editor,
       d.decided_at,
       CASE WHEN d.undone_at < $seen THEN d.undone_at END AS undone_at, d.sha256,
       CASE d.kind WHEN 'stance' THEN e.machine_stance
                   WHEN 'status' THEN
                       (SELECT arg_max(h.status, (h.judged_at, h.step)) FROM status_history AS h
                                       WHERE h.claim_id = d.claim_id AND h.judged_at < $seen
                                         AND h.rule IS DISTINCT FROM 'decided') END AS machine,
       e.quote
FROM decisions AS d
LEFT JOIN (SELECT claim_id, mention_id, machine_stance, quote FROM {known}) AS e
    ON e.claim_id = d.claim_id AND e.mention_id = d.target
WHERE d.claim_id IN {asked} AND d.kind <> 'undo' AND d.decided_at < $seen
ORDER BY d.decided_at DESC, d.number DESC;

-- name: joins
-- The claims that the machine had joined to this one, the newest first.
SELECT claim_id AS of_claim, joined_id, claim, forward, backward, model, joined_at
FROM joins
WHERE claim_id IN {asked} AND joined_at < $seen AND (parted_at IS NULL OR ($seen < TIMESTAMP '9999-01-01'
                                                                           AND parted_at >= $seen))
ORDER BY joined_at DESC, joined_id;

-- name: meta
SELECT key, value FROM meta;

-- name: about
-- What the claim is about that has a page of its own: models, organisations, and people with a track record,
-- but nobody whose name another person with one has, too.
SELECT DISTINCT s.claim_id AS of_claim, s.type, s.subject, t.who_id
FROM subjects AS s
LEFT JOIN (
    SELECT name, min(who_id) AS who_id FROM track_records WHERE who = 'speaker' AND slice = 'all'
    GROUP BY name HAVING count(DISTINCT who_id) = 1
) AS t ON s.type = 'person' AND t.name = s.subject
WHERE s.claim_id BETWEEN $claims[1] AND $claims[-1] AND s.claim_id IN {asked}
  AND (s.type IN ('model', 'organisation') OR t.who_id IS NOT NULL)
ORDER BY of_claim, s.type, s.subject;

-- name: story
-- The story that the claim is in today; none where it touches no other.
SELECT c.claim_id AS of_claim, s.story_id, s.title, s.claims
FROM claims AS c JOIN stories AS s ON s.story_id = c.story_id
WHERE c.claim_id IN {asked};
