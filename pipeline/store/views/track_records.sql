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

-- Each statement with the bounds of its time: what is dated by the day, month or year was said some time in
-- it, what has no date some time before we saw it, and what an edit brought some time between the two looks.
CREATE OR REPLACE VIEW step.told AS
SELECT e.claim_id, e.evidence_id, e.stance, e.voice, e.voice_name, e.independent, e.certainty, e.source_id,
       e.speaker_organisation, e.stance IN ('supports', 'reports') AS carries,
       list_contains(p.voices, e.voice) AS own, CASE WHEN f.first THEN e.said_at END AS said_at,
       CASE WHEN f.first THEN e.said_precision ELSE 'unknown' END AS said_precision,
       CASE WHEN NOT f.first THEN v.unchanged_at WHEN e.said_at IS NOT NULL THEN d.published_at END
           AS earliest,
       CASE WHEN NOT f.first OR e.said_at IS NULL THEN v.seen_at
            WHEN e.said_precision = 'day' THEN step.over(e.said_at, 'day') - INTERVAL 1 MICROSECOND
            ELSE e.said_at END AS latest
FROM evidence AS e
JOIN store.versions AS v USING (version_id)
JOIN LATERAL (SELECT v.number = 1 OR coalesce(v.read_anew = 'fuller', false) AS first) AS f ON true
JOIN store.documents AS d ON d.document_id = e.document_id
JOIN step.publishers AS p ON p.source_id = e.source_id
WHERE e.voice IS NOT NULL;

-- One row for each source, quoted person, organisation or house and each claim: what it did, and what came of
-- it.
CREATE OR REPLACE VIEW track_record_claims AS
WITH told AS MATERIALIZED (
    FROM step.told
), spoke AS (
    -- A voice that is not stored has spoken by the time it is passed on.
    SELECT claim_id, voice, min(latest) AS latest,
           CASE WHEN bool_and(earliest IS NOT NULL) FILTER (independent) AND min(earliest)
               FILTER (independent) <= min(latest)
                THEN min(earliest) FILTER (independent) END AS earliest
    FROM told
    WHERE carries AND voice <> 'hearsay'
    GROUP BY claim_id, voice
), placed AS (
    SELECT claim_id, voice, earliest, min(latest) OVER claim < earliest AS later,
           count(*) FILTER (earliest IS NULL) OVER claim = 1
               AND coalesce(latest < min(earliest) OVER claim, true) AS before_all
    FROM spoke
    WINDOW claim AS (PARTITION BY claim_id)
), firsts AS (
    -- Of a voice with a known time, no other is known to be earlier; one without must be known to be earlier
    -- than all others.
    SELECT claim_id, voice, CASE WHEN earliest IS NULL THEN before_all ELSE NOT later END AS first,
           CASE WHEN later THEN 'another voice was earlier'
               ELSE 'its time is not known, and others speak too' END AS why_not
    FROM placed
), spoken AS (
    -- Whose statement each is: a source's own, a quoted person's, an organisation's or a house's.
    SELECT 'source' AS who, CASE WHEN starts_with(voice, 'source:') THEN voice[8:]
           ELSE source_id END AS who_id, *
    FROM told WHERE independent AND (own OR starts_with(voice, 'source:'))
    UNION ALL
    SELECT split_part(voice, ':', 1), voice, *
    FROM told WHERE independent AND split_part(voice, ':', 1) IN ('speaker', 'organisation', 'house')
), part AS (
    SELECT o.who, o.who_id, o.claim_id, o.evidence_id, o.said_at, o.said_precision, o.latest, o.stance,
           o.certainty, o.voice, CASE WHEN o.carries AND f.first THEN 'first' WHEN o.carries THEN 'joined'
                WHEN o.stance = 'denies' THEN 'denied' ELSE 'other' END AS part, f.why_not
    FROM spoken AS o
    LEFT JOIN firsts AS f USING (claim_id, voice)
    UNION ALL
    -- And what a source passes on.
    SELECT 'source', source_id, claim_id, evidence_id, said_at, said_precision, latest, stance, certainty,
           voice, CASE WHEN own AND carries THEN 'joined' WHEN carries THEN 'repeated' ELSE 'other' END,
           'its voice is heard elsewhere, in another of its house or its documents'
    FROM told
    WHERE NOT (own AND independent)
), chief AS (
    -- What weighs most of what it did, in its earliest words.
    SELECT * FROM part
    QUALIFY row_number() OVER (
        PARTITION BY who, who_id, claim_id
        ORDER BY list_position(['first', 'joined', 'denied', 'repeated', 'other'], part), latest, evidence_id
    ) = 1
), organisation AS (
    SELECT 'organisation:' || step.name_key(organisation) AS who_id,
           min_by(organisation, (rank, organisation)) AS name
    FROM (
        SELECT step.parent(organisation) AS organisation, rank
        FROM (SELECT DISTINCT unnest(organisations) AS organisation, 1 AS rank FROM step.shown
              UNION SELECT organisation, 2 FROM store.sources
              UNION SELECT speaker_organisation, 3 FROM told)
    )
    GROUP BY ALL
), named AS (
    SELECT voice AS who_id, min(voice_name) AS name FROM told
    WHERE independent AND split_part(voice, ':', 1) IN ('speaker', 'house')
    GROUP BY voice
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
           p.part IN ('first', 'joined', 'denied')
               AND coalesce(list_contains(c.voices, p.voice), false) AS own
    FROM chief AS p
    JOIN subject AS c USING (claim_id)
)
SELECT j.who, j.who_id, coalesce(s.name, o.name, n.name, j.who_id) AS name, j.claim_id, j.kind,
       j.organisations, j.part, j.own, j.stance, j.certainty, j.evidence_id, j.said_at, j.said_precision,
       j.status, j.outcome, CASE WHEN j.outcome IN ('held', 'failed') THEN j.moved_at END AS settled_at,
       -- From the end of the day on which it was said, where only the day is known: never earlier than it
       -- was.
       CASE WHEN j.outcome IN ('held', 'failed') AND j.said_precision IN ('second', 'day')
           AND j.part IN ('first', 'joined')
            THEN greatest(0, epoch(j.moved_at - j.latest) / 86400) END AS lead_days,
       j.part = 'first' AND NOT j.own AND j.outcome IN ('held', 'failed') AS counted,
       CASE WHEN j.part = 'repeated' THEN 'not counted: it only passes on what others say'
            WHEN j.part = 'denied' THEN 'not counted: it denies the claim'
            WHEN j.part = 'other' THEN 'not counted: it only asks, or passes on a question or a denial'
            WHEN j.part = 'joined' THEN 'not counted as first: ' || j.why_not
            WHEN j.own THEN 'not counted: it speaks about itself'
            WHEN j.outcome = 'void' THEN 'not counted: ' || j.void
            WHEN j.outcome = 'open' THEN 'not counted yet: the claim is ' || j.status
            ELSE 'counted: it was first, and the claim is ' || j.status || CASE WHEN j.decided
                THEN ', as an editor decided' ELSE '' END
       END AS why
FROM judged AS j
-- By two equalities: a condition on one side alone would compare each row with each name.
LEFT JOIN (SELECT 'source' AS who, source_id AS who_id, name FROM store.sources) AS s USING (who, who_id)
LEFT JOIN (SELECT 'organisation' AS who, * FROM organisation) AS o USING (who, who_id)
LEFT JOIN (SELECT split_part(who_id, ':', 1) AS who, * FROM named) AS n USING (who, who_id);

CREATE OR REPLACE VIEW step.records AS
WITH row_of AS (
    FROM track_record_claims
), sliced AS (
    SELECT *, 'all' AS slice, NULL AS value FROM row_of
    UNION ALL
    SELECT *, 'kind', kind FROM row_of
    UNION ALL
    SELECT *, 'organisation', unnest(organisations) FROM row_of
)
SELECT who, who_id, name, slice, value, count(*) AS claims,
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
       count(*) FILTER (part = 'joined' AND NOT own) AS joined,
       count(*) FILTER (part = 'repeated') AS repeated,
       count(*) FILTER (part = 'repeated' AND outcome = 'failed') AS repeated_failed,
       count(*) FILTER (part = 'denied') AS denied,
       count(*) FILTER (part = 'denied' AND outcome = 'held') AS denied_held,
       count(*) FILTER (own AND part IN ('first', 'joined')) AS own
FROM sliced
GROUP BY who, who_id, name, slice, value;

-- `few`: the interval spans more than half of all that is possible, so it is too early to say.
CREATE OR REPLACE VIEW track_records AS
SELECT r.who, r.who_id, r.name, r.slice, r.value, r.claims, r.first, r.settled, r.held, r.contradicted,
       r.retracted, r.expired, r.open, r.void, i.rate, i.low, i.high, r.settled = 0
           OR coalesce(i.high - i.low > 0.5, true) AS few, r.lead_days, r.lead_claims,
       r.joined, r.repeated, r.repeated_failed, r.denied, r.denied_held, r.own
FROM step.records AS r
LEFT JOIN store.intervals AS i ON i.held = r.held AND i.settled = r.settled;
