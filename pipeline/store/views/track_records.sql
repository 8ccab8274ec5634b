-- How often each source was right before.

-- The voices by which each source speaks for itself: its own, its organisation's, that of its house or of its
-- outlet.
CREATE OR REPLACE VIEW step.publishers AS
SELECT s.source_id,
       ['source:' || s.source_id, 'organisation:' || step.parent_key(s.organisation), h.house,
        'source:' || min(s.source_id) FILTER (starts_with(h.house,
                                                          'outlet:')) OVER (PARTITION BY h.house)] AS voices
FROM store.sources AS s
LEFT JOIN store.houses AS h USING (source_id);

-- Each statement that is anybody's, with the bounds of its time. `hosted`: an organisation speaks there in a
-- document of its own, at a place that is another's ("github.com").
CREATE OR REPLACE VIEW step.told AS
WITH speaking AS (
    SELECT speaker_organisation, 'organisation:' || step.parent_key(speaker_organisation) AS voice
    FROM (SELECT DISTINCT speaker_organisation FROM store.mentions WHERE speaker_organisation IS NOT NULL)
)
SELECT e.claim_id, e.evidence_id, e.stance, e.voice, e.voice_name, e.independent, e.certainty, e.source_id,
       e.speaker_organisation, e.stance IN ('supports', 'reports') AS carries,
       list_contains(p.voices, e.voice) AS own, e.origin_document_id = e.document_id AS for_itself,
       coalesce(m.by_author AND e.voice = k.voice AND NOT list_contains(p.voices, e.voice), false) AS hosted,
       e.said_at,
       CASE WHEN e.said_at IS NULL THEN 'unknown' ELSE e.said_precision END AS said_precision,
       e.said_earliest AS earliest, e.said_latest AS latest
FROM evidence AS e
JOIN step.publishers AS p ON p.source_id = e.source_id
LEFT JOIN (SELECT mention_id, by_author FROM store.mentions WHERE by_author) AS m USING (mention_id)
LEFT JOIN speaking AS k ON k.speaker_organisation = e.speaker_organisation
WHERE e.voice IS NOT NULL;

-- What those are called who are no source, by all that is said.
CREATE OR REPLACE VIEW step.voice_names AS
SELECT 'organisation' AS who, 'organisation:' || step.name_key(organisation) AS who_id,
       min_by(organisation, (rank, organisation)) AS name
FROM (
    SELECT step.parent(organisation) AS organisation, rank
    FROM (SELECT DISTINCT unnest(organisations) AS organisation, 1 AS rank FROM step.shown
          UNION SELECT organisation, 2 FROM store.sources
          UNION SELECT speaker_organisation, 3 FROM evidence WHERE voice IS NOT NULL)
)
GROUP BY ALL
UNION ALL
SELECT split_part(voice, ':', 1), voice, min(voice_name) FROM evidence
WHERE independent AND split_part(voice, ':', 1) IN ('speaker', 'house')
GROUP BY voice;

-- Who else may have been first, in words: up to three of all of them.
CREATE OR REPLACE MACRO step.listed(others, total) AS array_to_string(
    list_transform(others[:3], lambda other: left(other.name, 60)
                   || if(other.undated, ' (time not known)', '')), ', ')
    || if(total > 3, ' and ' || (total - 3) || ' more', '');

-- One row for each source, quoted person, organisation or house and each claim: what it did, and what came of
-- it.
CREATE OR REPLACE VIEW track_record_claims AS
WITH told AS MATERIALIZED (
    FROM step.told
), spoke AS (
    SELECT claim_id, voice, min(voice_name) AS name, min(latest) AS latest,
           step.spoke_from(earliest, latest, independent) AS earliest
    FROM told
    WHERE carries AND voice <> 'hearsay'
    GROUP BY claim_id, voice
), placed AS (
    SELECT *, coalesce(earliest <= min(latest) OVER (PARTITION BY claim_id), true) AS may_be_first FROM spoke
), equals AS (
    -- Once for each claim: three names are shown beside a voice, which may be one of the first four itself.
    SELECT claim_id, count(*) AS total,
           list(struct_pack(voice := voice, name := name, undated := earliest IS NULL)
                ORDER BY coalesce(earliest, latest), voice)[:4] AS leading
    FROM placed WHERE may_be_first
    GROUP BY claim_id
), firsts AS (
    -- Who may have been first is first where nobody else may.
    SELECT p.claim_id, p.voice, p.may_be_first, p.earliest IS NULL AS undated,
           e.total - if(p.may_be_first, 1, 0) AS equals,
           list_filter(e.leading, lambda other: other.voice <> p.voice) AS others
    FROM placed AS p
    JOIN equals AS e USING (claim_id)
), sisters AS (
    -- The sources that speak for themselves with one voice, as the outlets of a house do.
    SELECT 'source' AS who, claim_id, voice, source_id, may_be_first,
           count(*) FILTER (may_be_first) OVER (PARTITION BY claim_id, voice) > 1 AS several
    FROM (
        SELECT *, coalesce(earliest <= min(latest) OVER (PARTITION BY claim_id, voice), true) AS may_be_first
        FROM (
            SELECT claim_id, voice, source_id, min(latest) AS latest,
                   CASE WHEN bool_and(earliest IS NOT NULL) THEN min(earliest) END AS earliest
            FROM told
            WHERE carries AND own AND for_itself AND NOT starts_with(voice, 'source:')
            GROUP BY claim_id, voice, source_id
        )
    )
), spoken AS (
    -- Whose statement each is: a source's own, a quoted person's, an organisation's or a house's.
    SELECT 'source' AS who, CASE WHEN starts_with(voice, 'source:') THEN voice[8:]
           ELSE source_id END AS who_id, *
    FROM told WHERE independent AND (own OR starts_with(voice, 'source:'))
    UNION ALL
    SELECT split_part(voice, ':', 1), voice, *
    FROM told WHERE independent AND split_part(voice, ':', 1) IN ('speaker', 'organisation', 'house')
), ranked AS (
    SELECT o.who, o.who_id, o.claim_id, o.evidence_id, o.said_at, o.said_precision, o.latest, o.stance,
           o.certainty, o.voice, CASE WHEN o.carries AND NOT f.may_be_first THEN 'joined'
                WHEN o.carries AND s.may_be_first IS false THEN 'joined'
                WHEN o.carries THEN if(f.equals > 0 OR coalesce(s.several, false), 'same_time', 'first')
                WHEN o.stance = 'denies' THEN 'denied' ELSE 'other' END AS part,
           CASE WHEN NOT f.may_be_first THEN 'another voice was earlier'
                WHEN s.may_be_first IS false THEN 'another of its house was earlier'
                WHEN f.equals = 0 THEN 'another of its house spoke at about the same time'
                ELSE if(f.undated, 'its time is not known, and can be that of ', 'at about the same time as ')
                    || step.listed(f.others, f.equals) END AS why_not
    FROM spoken AS o
    LEFT JOIN firsts AS f USING (claim_id, voice)
    LEFT JOIN sisters AS s USING (who, claim_id, voice, source_id)
    UNION ALL
    -- And what a source passes on, what others publish there themselves, or what it says for itself while
    -- another of its house is taken for the first.
    SELECT 'source', o.source_id, o.claim_id, o.evidence_id, o.said_at, o.said_precision, o.latest, o.stance,
           o.certainty, o.voice, CASE WHEN f.may_be_first AND s.may_be_first AND s.several AND o.for_itself
               AND o.own AND o.carries THEN 'same_time' WHEN o.own AND o.carries THEN 'joined'
               WHEN o.hosted THEN 'hosted' WHEN o.carries THEN 'repeated' ELSE 'other' END AS part,
           CASE part WHEN 'same_time' THEN 'another of its house spoke at about the same time'
               WHEN 'hosted' THEN o.voice_name || ' publishes there in its own words, and has the record'
               ELSE 'its voice is heard elsewhere, in another of its house or its documents' END
    FROM told AS o
    LEFT JOIN firsts AS f USING (claim_id, voice)
    LEFT JOIN sisters AS s USING (claim_id, voice, source_id)
    WHERE NOT (o.own AND o.independent)
), chief AS (
    -- What weighs most of what it did, in its earliest words.
    SELECT * FROM ranked
    QUALIFY row_number() OVER (
        PARTITION BY who, who_id, claim_id
        ORDER BY list_position(['first', 'same_time', 'joined', 'denied', 'hosted', 'repeated', 'other'],
                               part), latest, evidence_id
    ) = 1
), parents AS (
    SELECT claim_id, list('organisation:' || step.parent_key(organisation)) AS voices
    FROM (SELECT claim_id, unnest(organisations) AS organisation FROM step.shown)
    GROUP BY claim_id
), subject AS (
    SELECT c.claim_id, c.kind, c.organisations, coalesce(v.status, 'unverified') AS status,
           v.rule = 'decided' AS decided, h.voices,
           CASE WHEN d.state = 'void' AND v.rule <> 'decided' THEN 'void'
                WHEN v.status = 'substantiated' THEN 'held'
                WHEN v.status IN ('contradicted', 'retracted', 'expired') THEN 'failed'
                    ELSE 'open' END AS outcome,
           v.moved_at, d.reason AS void
    FROM step.shown AS c
    LEFT JOIN parents AS h USING (claim_id)
    LEFT JOIN step.verdicts AS v USING (claim_id)
    LEFT JOIN store.outcomes AS d USING (claim_id)
), judged AS (
    SELECT p.*, c.* EXCLUDE (claim_id),
           p.part IN ('first', 'same_time', 'joined', 'denied')
               AND coalesce(list_contains(c.voices, p.voice), false) AS own
    FROM chief AS p
    JOIN subject AS c USING (claim_id)
)
SELECT j.who, j.who_id, coalesce(step.shown_name(s.name), n.name, j.who_id) AS name, j.claim_id, j.kind,
       j.organisations, j.part, j.own, j.stance, j.certainty, j.evidence_id, j.said_at, j.said_precision,
       j.status, j.outcome, CASE WHEN j.outcome IN ('held', 'failed') THEN j.moved_at END AS settled_at,
       -- From the end of the day on which it was said, where only the day is known: never earlier than it
       -- was.
       CASE WHEN j.outcome IN ('held', 'failed') AND step.to_the_day(j.said_precision)
           AND j.part IN ('first', 'same_time', 'joined')
            THEN greatest(0, epoch(j.moved_at - if(j.said_precision = 'second', j.said_at, j.latest))
                             / 86400) END AS lead_days,
       j.part = 'first' AND NOT j.own AND j.outcome IN ('held', 'failed') AS counted,
       CASE WHEN j.part = 'repeated' THEN 'not counted: it only passes on what others say'
            WHEN j.part = 'hosted' THEN 'not counted: ' || j.why_not
            WHEN j.part = 'denied' THEN 'not counted: it denies the claim'
            WHEN j.part = 'other' THEN 'not counted: it only asks, or passes on a question or a denial'
            WHEN j.part IN ('same_time', 'joined') THEN 'not counted as first: ' || j.why_not
            WHEN j.own THEN 'not counted: it speaks about itself'
            WHEN j.outcome = 'void' THEN 'not counted: ' || j.void
            WHEN j.outcome = 'open' THEN 'not counted yet: the claim is ' || j.status
            ELSE 'counted: it was first, and the claim is ' || j.status || CASE WHEN j.decided
                THEN ', as an editor decided' ELSE '' END
       END AS why
FROM judged AS j
-- By two equalities: a condition on one side alone would compare each row with each name.
LEFT JOIN (SELECT 'source' AS who, source_id AS who_id, name FROM store.sources) AS s USING (who, who_id)
LEFT JOIN step.voice_names AS n USING (who, who_id);

CREATE OR REPLACE VIEW step.records AS
WITH row_of AS NOT MATERIALIZED (
    FROM track_record_claims
), sliced AS (
    SELECT *, 'all' AS slice, NULL AS value FROM row_of
    UNION ALL
    SELECT *, 'kind', kind FROM row_of
    UNION ALL
    SELECT *, 'organisation', unnest(organisations) FROM row_of
)
SELECT who, who_id, any_value(name) AS name, slice, value, count(*) AS claims,
       count(*) FILTER (part = 'first' AND NOT own) AS first,
       count(*) FILTER (counted)::INTEGER AS settled,
       count(*) FILTER (counted AND outcome = 'held')::INTEGER AS held,
       count(*) FILTER (counted AND status = 'contradicted') AS contradicted,
       count(*) FILTER (counted AND status = 'retracted') AS retracted,
       count(*) FILTER (counted AND status = 'expired') AS expired,
       count(*) FILTER (part = 'first' AND NOT own AND outcome = 'open') AS open,
       count(*) FILTER (part = 'first' AND NOT own AND outcome = 'void') AS void,
       median(lead_days) FILTER (counted AND outcome = 'held') AS lead_days,
       count(lead_days) FILTER (counted AND outcome = 'held') AS lead_claims,
       count(*) FILTER (part = 'same_time' AND NOT own) AS same_time,
       count(*) FILTER (part = 'joined' AND NOT own) AS joined,
       count(*) FILTER (part = 'repeated') AS repeated,
       count(*) FILTER (part = 'repeated' AND outcome = 'failed') AS repeated_failed,
       count(*) FILTER (part = 'denied') AS denied,
       count(*) FILTER (part = 'denied' AND outcome = 'held') AS denied_held,
       count(*) FILTER (own AND part IN ('first', 'same_time', 'joined')) AS own
FROM sliced
GROUP BY who, who_id, slice, value;

-- `few`: the interval spans more than half of all that is possible, so it is too early to say.
CREATE OR REPLACE VIEW track_records AS
SELECT r.who, r.who_id, r.name, r.slice, r.value, r.claims, r.first, r.settled, r.held, r.contradicted,
       r.retracted, r.expired, r.open, r.void, i.rate, i.low, i.high, r.settled = 0
           OR coalesce(i.high - i.low > 0.5, true) AS few, r.lead_days, r.lead_claims,
       r.same_time, r.joined, r.repeated, r.repeated_failed, r.denied, r.denied_held, r.own
FROM step.records AS r
LEFT JOIN store.intervals AS i ON i.held = r.held AND i.settled = r.settled;
