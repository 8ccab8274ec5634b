-- name: quote
substr(CASE p.part WHEN 'title' THEN v.title ELSE v.text END, p.start_char + 1, p.end_char - p.start_char)

-- name: followed
-- The sentences that editors follow and of which no claim was made yet, each once.
SELECT d.target, arg_min(d.value, d.number) AS sentence, min(d.decided_at) AS decided_at
FROM store.decisions AS d
WHERE d.kind = 'follow' AND d.undone_at IS NULL AND d.value IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM store.claims AS c WHERE c.claim_id = d.target)
GROUP BY d.target
ORDER BY min(d.number);

-- name: fresh
-- Passages that this embedder has no vector for, oldest first: they were put to no claim yet. What names
-- nothing and answers nobody speaks to no claim (`_may_speak`), so it is not embedded.
SELECT p.passage_id
FROM store.passages AS p
JOIN store.documents AS d USING (document_id)
ANTI JOIN (FROM store.passage_vectors WHERE model = $model) AS v USING (passage_id)
WHERE len(p.names) + len(p.organisations) > 0 OR d.in_reply_to IS NOT NULL
ORDER BY coalesce(p.said_at, p.seen_at), p.passage_id;

-- name: wanted
-- These passages. Where rows stand is told by their ids alone, so that of the other columns only the part is
-- read in which they stand: those of one time stand near each other, however many are stored before them.
SELECT *
FROM store.passages
WHERE rowid IN (SELECT rowid FROM store.passages WHERE passage_id IN (SELECT unnest($passages)))

-- name: texts
-- The texts of the versions in which the passages `wanted` stand.
SELECT version_id, title, text
FROM store.versions
WHERE rowid IN (SELECT rowid FROM store.versions SEMI JOIN wanted USING (version_id))

-- name: words
WITH wanted AS MATERIALIZED (
    SELECT passage_id, version_id, part, start_char, end_char FROM {wanted}
), texts AS MATERIALIZED (
    FROM {texts}
)
SELECT p.passage_id, {quote} AS quote
FROM wanted AS p
JOIN texts AS v USING (version_id)
ORDER BY p.passage_id;

-- name: claim_vectors
-- Claims whose sentence, as it stands now, this embedder has no vector for, to compare claims.
SELECT c.claim_id, c.claim
FROM store.claims AS c
ANTI JOIN store.claim_vectors AS v ON v.claim_id = c.claim_id AND v.claim = c.claim AND v.model = $model
WHERE c.merged_into IS NULL
ORDER BY c.claim_id;

-- name: claim_queries
-- The same, to search for passages.
SELECT c.claim_id, c.claim
FROM store.claims AS c
ANTI JOIN store.claim_queries AS v ON v.claim_id = c.claim_id AND v.claim = c.claim AND v.model = $model
WHERE c.merged_into IS NULL
ORDER BY c.claim_id;

-- name: waiting
-- The claims for which stored passages were not searched yet with these words and by these models.
SELECT c.claim_id
FROM store.claims AS c
ANTI JOIN store.gathered AS g ON g.claim_id = c.claim_id AND g.claim = c.claim AND g.model = $model
WHERE c.merged_into IS NULL
ORDER BY c.created_at, c.claim_id;

-- name: claims
-- Claims with the stretch of time in which they were talked about so far; one that nobody was heard on yet is
-- searched for at any time.
WITH heard AS (
    SELECT b.claim_id, min(coalesce(m.said_at, m.seen_at)) AS first_at,
           max(coalesce(m.said_at, m.seen_at)) AS last_at
    FROM store.members AS b
    JOIN store.mentions AS m USING (mention_id)
    WHERE b.claim_id IN (SELECT unnest($claims))
    GROUP BY b.claim_id
)
SELECT c.claim_id, c.claim, c.kind, c.organisations, c.entities, c.event_at, c.event_precision, h.first_at,
       h.last_at, c.first_mention_id = '' AS followed
FROM store.claims AS c
LEFT JOIN heard AS h USING (claim_id)
WHERE c.claim_id IN (SELECT unnest($claims))
ORDER BY c.claim_id;

-- name: answers
-- For these claims, the passages of documents that answer one in which the claim is spoken of.
SELECT DISTINCT b.claim_id, p.passage_id
FROM store.members AS b
JOIN store.mentions AS m USING (mention_id)
JOIN step.answers AS a ON a.answered_id = m.document_id
JOIN store.passages AS p ON p.document_id = a.document_id
WHERE b.claim_id IN (SELECT unnest($claims))
ORDER BY b.claim_id, p.passage_id;

-- name: answered
-- For these passages, the claims that are spoken of in the document that theirs answers.
SELECT DISTINCT p.passage_id, b.claim_id
FROM store.passages AS p
JOIN step.answers AS a ON a.document_id = p.document_id
JOIN store.mentions AS m ON m.document_id = a.answered_id
JOIN store.members AS b ON b.mention_id = m.mention_id
WHERE p.passage_id IN (SELECT unnest($passages))
ORDER BY p.passage_id, b.claim_id;

-- name: passages
-- Passages as the relation model reads them: `before` are the characters that touch them in their part,
-- `counts_from` is the day from which their "tomorrow" counts, `answered` the newest text of the document
-- that theirs answers. Their words are cut out of their text before anything else is joined: a long text
-- beside each of its thousand passages does not fit in memory.
WITH wanted AS MATERIALIZED (
    FROM {wanted}
), texts AS MATERIALIZED (
    FROM {texts}
), worded AS MATERIALIZED (
    SELECT p.*, {quote} AS quote, CASE WHEN p.part = 'text' THEN v.title END AS title,
           step.words_before(p.part, v.text, p.start_char) AS before
    FROM texts AS v
    JOIN wanted AS p USING (version_id)
), answers AS MATERIALIZED (
    SELECT document_id, answered_id FROM step.answers SEMI JOIN wanted USING (document_id)
), answered AS MATERIALIZED (
    SELECT a.document_id, arg_max(step.answered_words(v.title, v.text), v.number) AS words
    FROM answers AS a
    JOIN store.versions AS v ON v.document_id = a.answered_id
    WHERE v.rowid IN (
        SELECT rowid FROM store.versions SEMI JOIN answers ON answers.answered_id = versions.document_id)
    GROUP BY a.document_id
)
SELECT p.passage_id, p.version_id, p.document_id, p.part, p.start_char, p.end_char, p.names, p.organisations,
       p.inherited, p.numbers, p.speaker, p.speaker_organisation, p.language, p.said_at, p.seen_at,
       CASE WHEN step.to_the_day(d.published_precision) THEN p.said_at END AS counts_from,
       p.quote, p.title, p.before, a.words AS answered, s.role AS source_role
FROM worded AS p
JOIN store.documents AS d ON d.document_id = p.document_id
JOIN store.sources AS s ON s.source_id = d.source_id
LEFT JOIN answered AS a ON a.document_id = p.document_id
ORDER BY p.passage_id;

-- name: spoken
-- Where in these versions somebody speaks whom the publisher quotes, or how sure the publisher is.
SELECT version_id, part, start_char, end_char, voice, speaker, speaker_organisation, speech_verb,
       attributed_to,
       certainty
FROM store.speech
WHERE version_id IN (SELECT unnest($versions))
ORDER BY version_id, part, start_char;

-- name: saying
-- The places in these versions that make a claim in so many words, with that claim.
SELECT b.claim_id, m.version_id, m.part, m.start_char, m.end_char
FROM store.members AS b
JOIN store.mentions AS m USING (mention_id)
WHERE b.how <> 'gathered' AND m.version_id IN (SELECT unnest($versions::VARCHAR[]))
ORDER BY b.claim_id, m.mention_id;

-- name: held
-- The places in these versions of all that claims hold already.
SELECT b.claim_id, m.version_id, m.part, m.start_char, m.end_char
FROM store.members AS b
JOIN store.mentions AS m USING (mention_id)
WHERE m.version_id IN (SELECT unnest($versions::VARCHAR[]))
ORDER BY b.claim_id, m.mention_id;

-- name: spoken_of
-- How likely the documents belong that were gathered for these claims, each by its surest passage.
SELECT b.claim_id, m.document_id, max(b.similarity) AS related
FROM store.members AS b
JOIN store.mentions AS m USING (mention_id)
WHERE b.how = 'gathered' AND b.claim_id IN (SELECT unnest($claims))
GROUP BY b.claim_id, m.document_id
ORDER BY b.claim_id, m.document_id;
