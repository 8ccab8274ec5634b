-- The one reader of stories. As in claim.sql an instant is told by two clocks: what we had seen before $seen,
-- and what had been said, or had happened, before $said; both are the year 9999 for now. A story holds the
-- claims that it holds today, each as it was known then.

-- name: list
-- One page of stories, each with all that its row shows. A story is listed that was spoken of, or moved,
-- from $since on and before $until; with $moved_since one that moved, or grew, by what was judged after that.
WITH asked AS (
    SELECT $since::TIMESTAMP AS since, $until::TIMESTAMP AS until, $moved_since::TIMESTAMP AS moved_since
), held AS MATERIALIZED (
    SELECT claim_id, story_id, claim, status, organisations, entities, first_seen_at
    FROM claims WHERE story_id IS NOT NULL
), steps AS MATERIALIZED (
    SELECT h.claim_id, lag(h.status) OVER (PARTITION BY h.claim_id ORDER BY h.step) AS before, h.status,
           h.since AS "at", h.moved_at IS NOT NULL AS at_is_said, h.judged_at, h.reason, h.evidence_ids,
           h.step
    FROM status_history AS h CROSS JOIN asked
    WHERE h.judged_until IS NULL AND asked.moved_since IS NULL
    UNION ALL
    SELECT g.claim_id, g.status_before, g.status, coalesce(g.moved_at, g.judged_at), g.moved_at IS NOT NULL,
           g.judged_at, g.reason, g.evidence_ids, 0
    FROM changes AS g CROSS JOIN asked
    WHERE g.judged_at > asked.moved_since
), moved AS (
    SELECT h.story_id, s.claim_id, h.claim, s.* EXCLUDE (claim_id)
    FROM steps AS s JOIN held AS h USING (claim_id)
), last_move AS (
    SELECT * FROM moved
    QUALIFY row_number() OVER (
        PARTITION BY story_id
        ORDER BY before IS NULL, CASE WHEN $moved_since::TIMESTAMP IS NULL THEN "at" ELSE judged_at END DESC,
                 "at" DESC, step DESC, claim_id
    ) = 1
), counted AS (
    -- With $moved_since a claim that is new since then is not counted as one that moved.
    SELECT story_id, count(*) FILTER (stepped AND NOT (fresh AND $moved_since::TIMESTAMP IS NOT NULL))
               AS moved_claims, count(*) FILTER (fresh) AS new_claims
    FROM (
        SELECT story_id, claim_id, bool_or(before IS NULL) AS fresh, bool_or(before IS NOT NULL) AS stepped
        FROM moved GROUP BY story_id, claim_id
    )
    GROUP BY story_id
), active AS (
    SELECT h.story_id, count(DISTINCT e.document_id) AS documents
    FROM evidence AS e JOIN held AS h USING (claim_id) CROSS JOIN asked
    WHERE coalesce(e.said_at, e.seen_at) >= coalesce(asked.since, TIMESTAMP '1900-01-01')
      AND coalesce(e.said_at, e.seen_at) < coalesce(asked.until, TIMESTAMP '9999-01-01')
    GROUP BY h.story_id
), moving AS (
    SELECT DISTINCT m.story_id FROM moved AS m CROSS JOIN asked
    WHERE m.before IS NOT NULL AND m."at" >= coalesce(asked.since, TIMESTAMP '1900-01-01')
      AND m."at" < coalesce(asked.until, TIMESTAMP '9999-01-01')
), fitting AS (
    SELECT story_id FROM held
    GROUP BY story_id
    HAVING (len($organisations::VARCHAR[]) = 0
            OR bool_or(list_has_any(organisations, $organisations::VARCHAR[])))
       AND (len($models::VARCHAR[]) = 0 OR bool_or(list_has_any(entities, $models::VARCHAR[])))
       AND (len($statuses::VARCHAR[]) = 0 OR bool_or(list_contains($statuses::VARCHAR[], status)))
), worded AS (
    SELECT s.story_id
    FROM stories AS s
    JOIN (SELECT story_id, string_agg(claim, ' ') AS claims FROM held GROUP BY story_id) AS h USING (story_id)
    WHERE len($words::VARCHAR[]) = 0 OR list_bool_and(list_transform(
        $words::VARCHAR[], lambda word: contains(
            strip_accents(lower(concat_ws(' ', s.title, h.claims,
                                          array_to_string(s.organisations || s.entities, ' ')))),
            strip_accents(lower(word)))))
), listed AS (
    SELECT s.*, coalesce(a.documents, 0) AS active_documents, m."at" AS moved_last,
           coalesce(c.moved_claims, 0) AS moved_claims, coalesce(c.new_claims, 0) AS new_claims,
           (SELECT count(*) FROM held AS h WHERE h.story_id = s.story_id AND h.status = 'disputed')
               AS disputed,
           count(*) OVER () AS total
    FROM stories AS s
    SEMI JOIN fitting USING (story_id)
    SEMI JOIN worded USING (story_id)
    LEFT JOIN active AS a USING (story_id)
    LEFT JOIN moving AS g ON g.story_id = s.story_id
    LEFT JOIN last_move AS m ON m.story_id = s.story_id
    LEFT JOIN counted AS c ON c.story_id = s.story_id
    WHERE (a.story_id IS NOT NULL OR g.story_id IS NOT NULL)
      AND ($moved_since::TIMESTAMP IS NULL OR c.story_id IS NOT NULL)
), page AS MATERIALIZED (
    SELECT *, row_number() OVER (ORDER BY CASE $by
                   WHEN 'most_moved' THEN 1000 * moved_claims + new_claims WHEN 'disputed' THEN disputed
                   WHEN 'voices' THEN voices
                   WHEN 'documents' THEN active_documents WHEN 'said' THEN epoch_us(last_said_at)
                   WHEN 'new' THEN epoch_us(first_said_at) ELSE epoch_us(moved_last) END DESC NULLS LAST,
               last_said_at DESC NULLS LAST, story_id) AS place
    FROM listed
    ORDER BY place LIMIT $limit OFFSET $offset
), mine AS MATERIALIZED (
    SELECT h.story_id, e.evidence_id, e.document_id, e.claim_id, e.mention_id, e.said_at, e.said_precision,
           e.seen_at, e.said_earliest, e.said_latest, e.speaker, e.source, e.part,
           coalesce(e.independent, false) AS independent,
           coalesce(e.said_at, e.seen_at) AS "when", e.platform, e.source_id, e.voice AS voice_key,
           coalesce(e.voice, 'hearsay') <> 'hearsay' AS is_voice,
           {pipeline.published.first_words.who} AS who, {pipeline.published.first_words.own} AS own
    FROM evidence AS e JOIN held AS h USING (claim_id) SEMI JOIN page AS p ON p.story_id = h.story_id
), states AS (
    SELECT story_id, list(struct_pack(status := status, claims := claims)) AS states
    FROM (SELECT story_id, status, count(*) AS claims FROM held GROUP BY ALL) GROUP BY story_id
), days AS (
    SELECT story_id, list(struct_pack(day := day, documents := documents) ORDER BY day) AS days
    FROM (
        SELECT story_id, "when"::DATE AS day, count(DISTINCT document_id) AS documents FROM mine GROUP BY ALL
    )
    GROUP BY story_id
), spoke AS (
    SELECT story_id, who, min(said_latest) AS latest,
           {pipeline.published.first_words.earliest} AS earliest,
           {pipeline.published.first_words.own_first} AS own_first
    FROM mine GROUP BY story_id, who
), earliest AS (
    SELECT story_id, who, own_first FROM spoke
    QUALIFY coalesce(earliest <= min(latest) OVER (PARTITION BY story_id), true)
), first AS (
    SELECT story_id, arg_min_null(speaker, place) AS speaker, arg_min(source, place) AS source,
           arg_min(evidence_id, place) AS evidence_id, arg_min(claim_id, place) AS claim_id,
           arg_min_null(said_at, place) AS said_at, arg_min(said_precision, place) AS said_precision,
           arg_min(seen_at, place) AS seen_at, count(*) AS total
    FROM (
        SELECT *, ("when", part = 'title', mention_id) AS place FROM mine JOIN earliest USING (story_id, who)
        QUALIFY row_number() OVER (PARTITION BY story_id, who
                                   ORDER BY own_first AND NOT independent, "when", part = 'title',
                                            mention_id) = 1
    )
    GROUP BY story_id
)
SELECT p.story_id, p.title, p.claims, p.mentions, coalesce(p.voices, 0) AS voices,
       p.active_documents AS documents, p.organisations, p.entities, t.states,
       CASE WHEN f.story_id IS NOT NULL THEN struct_pack(speaker := coalesce(f.speaker, 'nobody named'),
           source := f.source, said_at := f.said_at, said_precision := f.said_precision,
           seen_at := f.seen_at, evidence_id := f.evidence_id, claim_id := f.claim_id,
           total := f.total) END AS first,
       CASE WHEN m.story_id IS NOT NULL THEN struct_pack(claim_id := m.claim_id, claim := m.claim,
           before := m.before, status := m.status, "at" := m."at", at_is_said := m.at_is_said,
           judged_at := m.judged_at, reason := m.reason, evidence_id := m.evidence_ids[-1]) END AS moved,
       coalesce(d.days, []) AS days, p.first_said_at, p.last_said_at, p.moved_claims, p.new_claims, p.total
FROM page AS p
JOIN states AS t USING (story_id)
LEFT JOIN days AS d USING (story_id)
LEFT JOIN first AS f USING (story_id)
LEFT JOIN last_move AS m USING (story_id)
ORDER BY p.place;

-- name: heir
-- The story that took over one.
SELECT heir FROM story_heirs WHERE story_id = $story_id;

-- name: held
-- Part of other statements: the claims that the stories hold today. Statements that read it read several
-- stories at once; `of_story` is the one that a row belongs to.
SELECT story_id AS of_story, claim_id FROM claims WHERE story_id IN (SELECT unnest($stories::VARCHAR[]))

-- name: joined
-- Part of the next statement: each claim of the story with those that were merged or joined into it by then.
WITH RECURSIVE merged AS MATERIALIZED (
    FROM {pipeline.published.as_of.merged}
), reached (claim_id, part_id) AS (
    SELECT claim_id, claim_id FROM {held}
    UNION
    SELECT r.claim_id, m.claim_id FROM merged AS m JOIN reached AS r ON m.into_id = r.part_id
)
FROM reached

-- name: known
-- Part of other statements: the evidence of the story's claims as of an instant, as `known` of claim.sql has
-- it for one claim: a test compares the two.
SELECT h.of_story, e.* EXCLUDE
    (machine_claim_id, stance, gone_at, voice, voice_name, independent, voice_reason, title,
     origin_document_id),
       coalesce(d.value, e.machine_stance) AS stance,
       CASE WHEN e.gone_at < least($seen, $said) THEN e.gone_at END AS gone_at,
       CASE WHEN u.traced THEN e.voice ELSE 'untraced:' || e.document_id END AS voice_key,
       CASE WHEN u.traced THEN coalesce(e.voice_name, e.source) ELSE e.source END AS voice_name,
       u.traced AND e.independent AS independent, u.traced AND e.voice <> 'hearsay' AS is_voice,
       CASE WHEN u.traced THEN e.origin_document_id END AS origin_document_id,
       coalesce(e.said_at, e.seen_at) AS "when"
FROM evidence AS e
JOIN {held} AS h ON h.claim_id = e.claim_id
LEFT JOIN documents AS o ON o.document_id = e.origin_document_id
LEFT JOIN (
    SELECT claim_id, voice, min(seen_at) AS heard_at FROM evidence SEMI JOIN {held} USING (claim_id)
    WHERE independent GROUP BY claim_id, voice
) AS w ON w.claim_id = e.claim_id AND w.voice = e.voice
CROSS JOIN LATERAL {pipeline.published.as_of.traced} AS u
LEFT JOIN {pipeline.published.as_of.stances} AS d ON d.target = e.mention_id
WHERE e.seen_at < $seen AND coalesce(e.said_at, e.seen_at) < $said
  AND ($seen >= TIMESTAMP '9999-01-01'
    OR (e.claim_id, coalesce(e.machine_claim_id, e.claim_id)) IN (
        SELECT (claim_id, part_id) FROM {joined})
    OR e.mention_id IN {pipeline.published.as_of.moved})

-- name: titles
-- Part of other statements: the title that each document of the stories had then, as `latest` of claim.sql
-- has it; `evidence` has the newest.
SELECT v.document_id, arg_max(v.title, v.number) AS title
FROM versions AS v LEFT JOIN edits AS w USING (version_id)
WHERE v.document_id IN (SELECT document_id FROM evidence SEMI JOIN {held} USING (claim_id))
  AND v.seen_at < $seen AND w.change IS DISTINCT FROM 'trivial'
GROUP BY v.document_id

-- name: steps
-- Part of other statements: the statuses that the story's claims took, as the judgement that was the newest
-- at $seen has them; `stood` marks the one that held at $said.
SELECT h.of_story, s.*, until IS NULL OR until >= $said AS stood
FROM status_history AS s JOIN {held} AS h ON h.claim_id = s.claim_id
WHERE judged_at < $seen AND (judged_until IS NULL OR judged_until >= $seen) AND since < $said

-- name: story
SELECT s.story_id AS of_story, s.story_id, s.title, s.organisations, s.entities, s.split_from,
       o.title AS split_from_title
FROM stories AS s LEFT JOIN stories AS o ON o.story_id = s.split_from
WHERE s.story_id IN (SELECT unnest($stories::VARCHAR[]));

-- name: claims
-- The story's claims that were known, and where each stood; those first spoken of come first.
SELECT c.story_id AS of_story, c.claim_id, c.claim, c.kind,
       coalesce(s.status, 'unverified') AS status, s.score,
       coalesce(s.voices, 0) AS voices, s.rule, s.reason, s.would_change,
       coalesce(s.evidence_ids, []) AS evidence_ids, coalesce(t.mentions, 0) AS mentions,
       coalesce(t.supports, 0) AS supports, coalesce(t.denies, 0) AS denies,
       coalesce(t.questions, 0) AS questions, coalesce(t.reports, 0) AS reports,
       c.organisations, c.entities, c.event_at, c.event_precision, t.first_at,
       coalesce(t.first_is_said, false) AS first_is_said,
       coalesce(t.first_precision, 'unknown') AS first_precision,
       coalesce(t.first_seen_at, c.first_seen_at) AS first_seen_at,
       coalesce(t.last_seen_at, c.first_seen_at) AS last_seen_at
FROM claims AS c
LEFT JOIN (
    SELECT claim_id, count(*) AS mentions, count(*) FILTER (stance = 'supports') AS supports,
           count(*) FILTER (stance = 'denies') AS denies,
           count(*) FILTER (stance = 'questions') AS questions,
           count(*) FILTER (stance = 'reports') AS reports, min("when") AS first_at,
           arg_min(said_at IS NOT NULL, "when") AS first_is_said,
           arg_min(said_precision, "when") AS first_precision,
           min(seen_at) AS first_seen_at, max(seen_at) AS last_seen_at
    FROM {known} GROUP BY claim_id
) AS t USING (claim_id)
LEFT JOIN {steps} AS s ON s.claim_id = c.claim_id AND s.stood
WHERE c.story_id IN (SELECT unnest($stories::VARCHAR[]))
  AND (t.mentions > 0 OR c.claim_id IN (
      SELECT claim_id FROM decisions
      WHERE kind = 'follow' AND decided_at < $seen AND (undone_at IS NULL OR undone_at >= $seen)))
ORDER BY coalesce(t.first_at, c.first_seen_at), c.claim_id;

-- name: moves
SELECT of_story, claim_id, lag(status) OVER (PARTITION BY claim_id ORDER BY step) AS before, status,
       since AS "at",
       CASE WHEN until < $said THEN until END AS until, moved_at IS NOT NULL AS at_is_said, judged_at,
       reason, evidence_ids[-1] AS evidence_id
FROM {steps}
ORDER BY since, claim_id, step;

-- name: first
-- Who said any of it first, as far as times tell; as `first` of claim.sql, over all claims of the story.
WITH heard AS (
    SELECT *, {pipeline.published.first_words.who} AS who, {pipeline.published.first_words.own} AS own
    FROM {known}
), spoke AS (
    SELECT of_story, who, min(said_latest) AS latest,
           {pipeline.published.first_words.earliest} AS earliest,
           {pipeline.published.first_words.own_first} AS own_first
    FROM heard GROUP BY of_story, who
), may_be_first AS (
    SELECT of_story, who, own_first FROM spoke
    QUALIFY coalesce(earliest <= min(latest) OVER (PARTITION BY of_story), true)
), listed AS (
    SELECT * FROM heard JOIN may_be_first USING (of_story, who)
    QUALIFY row_number() OVER (PARTITION BY of_story, who
                               ORDER BY own_first AND NOT independent, "when", part = 'title', mention_id) = 1
)
SELECT of_story, claim_id, evidence_id, document_id, speaker, speaker_role, speaker_organisation, source,
       source_id, platform, url, quote, cues, said_at, said_precision, seen_at, gone_at,
       count(*) OVER (PARTITION BY of_story) AS total
FROM listed
QUALIFY row_number() OVER (PARTITION BY of_story ORDER BY "when", part = 'title', mention_id) <= 20
ORDER BY "when", part = 'title', mention_id;

-- name: marks
-- The statements that a chart marks: denials and artefacts, of each voice and claim the first of each; of
-- the sentences of one document that whose side is surest.
SELECT of_story, claim_id, evidence_id, CASE WHEN artefact THEN 'artefact' ELSE 'denial' END AS what,
       stance,
       coalesce(speaker, 'nobody named') AS speaker, speaker_role, speaker_organisation, source, source_id,
       platform, url, t.title, quote, cues, said_at, said_precision, seen_at, gone_at
FROM (
    SELECT *, bool_or(independent) OVER (PARTITION BY claim_id, voice_key, document_id, stance) AS speaks
    FROM {known}
    WHERE artefact OR (stance = 'denies' AND is_voice)
)
LEFT JOIN {titles} AS t USING (document_id)
QUALIFY row_number() OVER (
    PARTITION BY claim_id, artefact, CASE WHEN artefact THEN document_id ELSE voice_key END
    ORDER BY NOT speaks, "when", part = 'title', confidence DESC, mention_id
) = 1
ORDER BY "when", mention_id;

-- name: spread
-- The documents of the story in order of time, each with what it speaks to and whom it follows: the sentence
-- whose side is surest stands for it. Of more than $limit those that are voices of their own come first.
WITH told AS (
    SELECT of_story, document_id, any_value(source) AS source, any_value(source_id) AS source_id,
           any_value(platform) AS platform, any_value(url) AS url, any_value(author) AS author,
           coalesce(arg_min_null(speaker, ("when", part = 'title', -confidence, mention_id)), 'nobody named')
               AS speaker,
           arg_min(evidence_id, ("when", part = 'title', -confidence, mention_id)) AS evidence_id,
           arg_min(quote, ("when", part = 'title', -confidence, mention_id)) AS quote,
           arg_min_null(said_at, ("when", mention_id)) AS said_at,
           arg_min(said_precision, ("when", mention_id)) AS said_precision, min(seen_at) AS seen_at,
           max(gone_at) AS gone_at, bool_or(artefact) AS artefact, bool_or(independent) AS independent,
           arg_min(voice_name, ("when", mention_id)) AS voice_name,
           list(DISTINCT claim_id ORDER BY claim_id) AS claim_ids,
           list(DISTINCT stance ORDER BY stance) AS stances,
           arg_min(origin_document_id, "when") FILTER (origin_document_id <> document_id)
               AS origin_document_id,
           min("when") AS "when"
    FROM {known} GROUP BY of_story, document_id
), followed AS (
    SELECT t.of_story, p.document_id, arg_max(p.kind, (p.strength, p.edge_id)) AS kind,
           arg_max(coalesce(o.source, p.origin_name), (p.strength, p.edge_id)) AS follows,
           arg_max(p.origin_document_id, (p.strength, p.edge_id)) AS follows_id
    FROM provenance AS p
    JOIN (SELECT of_story, document_id FROM told) AS t ON t.document_id = p.document_id
    LEFT JOIN (SELECT of_story, document_id FROM told) AS w
        ON w.of_story = t.of_story AND w.document_id = p.origin_document_id
    LEFT JOIN documents AS o ON o.document_id = p.origin_document_id
    WHERE w.document_id IS NOT NULL OR (p.origin_document_id IS NULL AND p.origin_name IS NOT NULL)
    GROUP BY t.of_story, p.document_id
), listed AS (
    SELECT t.*, n.title, f.kind, f.follows, f.follows_id, count(*) OVER (PARTITION BY t.of_story) AS total
    FROM told AS t LEFT JOIN followed AS f USING (of_story, document_id)
    LEFT JOIN {titles} AS n ON n.document_id = t.document_id
    QUALIFY row_number() OVER (PARTITION BY t.of_story ORDER BY t.independent DESC, t."when", t.document_id)
        <= $limit
)
SELECT * EXCLUDE ("when") FROM listed ORDER BY "when", document_id;

-- name: rivals
-- Claims of the story and those that look alike and differ in one slot, with where each stood then; a pair
-- within the story is told once.
SELECT c.story_id AS of_story, r.claim_id, r.rival_id, r.slot, r.words, c.claim,
       coalesce(a.status, 'unverified') AS status,
       coalesce(a.voices, 0) AS voices, o.claim AS rival, coalesce(b.status, 'unverified') AS rival_status,
       coalesce(b.voices, 0) AS rival_voices, o.story_id IS NOT DISTINCT FROM c.story_id AS within
FROM rivals AS r
JOIN claims AS c ON c.claim_id = r.claim_id
JOIN claims AS o ON o.claim_id = r.rival_id
LEFT JOIN (
    SELECT claim_id, status, voices FROM status_history
    WHERE judged_at < $seen AND (judged_until IS NULL OR judged_until >= $seen)
      AND since < $said AND (until IS NULL OR until >= $said)
) AS a ON a.claim_id = r.claim_id
LEFT JOIN (
    SELECT claim_id, status, voices FROM status_history
    WHERE judged_at < $seen AND (judged_until IS NULL OR judged_until >= $seen)
      AND since < $said AND (until IS NULL OR until >= $said)
) AS b ON b.claim_id = r.rival_id
WHERE c.story_id IN (SELECT unnest($stories::VARCHAR[]))
  AND (o.story_id IS DISTINCT FROM c.story_id OR r.claim_id < r.rival_id)
  AND c.first_seen_at < $seen AND coalesce(c.first_said_at, c.first_seen_at) < $said
  AND o.first_seen_at < $seen AND coalesce(o.first_said_at, o.first_seen_at) < $said
QUALIFY row_number() OVER (
    PARTITION BY c.story_id
    ORDER BY coalesce(a.voices, 0) + coalesce(b.voices, 0) DESC, r.claim_id, r.rival_id, r.slot
) <= 50
ORDER BY coalesce(a.voices, 0) + coalesce(b.voices, 0) DESC, r.claim_id, r.rival_id, r.slot;

-- name: deadlines
-- The times that claims of the story name. How each came out is known for now alone.
SELECT h.of_story, g.claim_id, g.model, g.organisation, g.revision, g.deadline, g."precision",
       g.revises, g.moved_days,
       g.speaker, g.said_at, g.seen_at, g.how,
       CASE WHEN least($seen, $said) >= TIMESTAMP '9999-01-01' THEN g.state END AS state,
       CASE WHEN least($seen, $said) >= TIMESTAMP '9999-01-01' THEN g.resolved_at END AS resolved_at,
       CASE WHEN least($seen, $said) >= TIMESTAMP '9999-01-01' THEN g.reason END AS reason,
       CASE WHEN least($seen, $said) >= TIMESTAMP '9999-01-01' THEN g.void END AS void
FROM goalposts AS g
JOIN {held} AS h ON h.claim_id = g.claim_id
WHERE g.seen_at < $seen AND coalesce(g.said_at, g.seen_at) < $said
ORDER BY g.deadline NULLS LAST, g.organisation, g.model, g.revision;

-- name: resolutions
-- By which text each dated claim of the story would be resolved then, the newest of each.
SELECT of_story, claim_id, arg_max(number, number) AS number, arg_max(written_at, number) AS written_at,
       arg_max(rules, number) AS rules, arg_max("text", number) AS "text", arg_max(why, number) AS why
FROM resolution_texts JOIN {held} USING (claim_id)
WHERE written_at < least($seen, $said)
GROUP BY of_story, claim_id ORDER BY claim_id;

-- name: joins
-- The claims that the machine had joined to the story's, the newest first.
SELECT of_story, claim_id, joined_id, claim, forward, backward, model, joined_at
FROM joins JOIN {held} USING (claim_id)
WHERE joined_at < $seen AND (parted_at IS NULL OR ($seen < TIMESTAMP '9999-01-01' AND parted_at >= $seen))
ORDER BY joined_at DESC, joined_id;

-- name: kin
-- Stories that this one took over, and those that split off from it.
SELECT heir AS of_story, 'took over' AS what, story_id, NULL AS title, since FROM story_heirs
WHERE heir IN (SELECT unnest($stories::VARCHAR[])) AND since < $seen
UNION ALL
SELECT s.split_from, 'split off', s.story_id, s.title, NULL FROM stories AS s
WHERE s.split_from IN (SELECT unnest($stories::VARCHAR[]))
ORDER BY what, story_id;

-- name: days
-- The documents of each day on which somebody spoke to the story, by the time of saying, or of seeing.
SELECT of_story, "when"::DATE AS day, count(DISTINCT document_id) AS documents
FROM {known} GROUP BY of_story, day ORDER BY day;

-- name: learned
-- The days of UTC on which something of the story was learned, or judged anew.
SELECT DISTINCT of_story, seen_at::DATE AS day FROM evidence JOIN {held} USING (claim_id)
UNION
SELECT of_story, judged_at::DATE FROM status_history JOIN {held} USING (claim_id)
ORDER BY day;

-- name: voices
SELECT of_story, count(DISTINCT voice_key) FILTER (is_voice AND independent) AS voices,
       count(*) AS mentions
FROM {known} GROUP BY of_story;

-- name: meta
SELECT key, value FROM meta;
