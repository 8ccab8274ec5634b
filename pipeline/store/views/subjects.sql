-- What claims are about, and what could not be read about it.

-- The spells in which a source could not be read, with the newest words of what kept it.
CREATE OR REPLACE VIEW step.spells AS
SELECT feed, source, kind, since, until, arg_max(message, nights) AS message
FROM silences
WHERE kind <> 'off'
GROUP BY feed, source, kind, since, until;

-- For each kind of claim the five outlets of the press that speak most of such claims, of those that ever
-- failed.
CREATE OR REPLACE VIEW step.press_feeds AS
WITH told AS (
    SELECT d.document_id, d.feed
    FROM store.documents AS d
    SEMI JOIN store.sources AS s ON s.source_id = d.feed AND s.role = 'press'
    WHERE d.feed IN (SELECT feed FROM step.spells WHERE kind = 'failing')
)
SELECT c.kind, t.feed
FROM evidence AS e
JOIN told AS t USING (document_id)
JOIN step.shown AS c USING (claim_id)
GROUP BY c.kind, t.feed
QUALIFY row_number() OVER (PARTITION BY c.kind ORDER BY count(DISTINCT e.claim_id) DESC, t.feed) <= 5;

-- The sources that are channels of an organisation, by the key of its name.
CREATE OR REPLACE VIEW step.channels AS
SELECT step.name_key(organisation) AS key, source_id AS feed FROM store.sources
WHERE step.name_key(organisation) IS NOT NULL;

-- The sources that bear on a claim and could not be read while it moved: those of its documents, channels of
-- its organisations, and, where they failed, the press that speaks most of such claims. Ten for each claim at
-- most, those nearest to it first.
CREATE OR REPLACE VIEW blind_spots AS
WITH ordered AS MATERIALIZED (
    -- Numbered, since to put texts in order for each claim takes most of the time.
    SELECT *, row_number() OVER (ORDER BY since, source, kind, feed, until) AS number FROM step.spells
), named AS (
    SELECT n.organisation, h.feed
    FROM (
        SELECT organisation, step.name_key(organisation) AS key
        FROM (SELECT DISTINCT unnest(organisations) AS organisation FROM step.shown)
    ) AS n
    JOIN step.channels AS h USING (key)
    SEMI JOIN ordered AS s ON s.feed = h.feed
), bearing AS (
    SELECT e.claim_id, d.feed, 1 AS nearness
    FROM evidence AS e
    JOIN store.documents AS d USING (document_id)
    SEMI JOIN ordered AS s ON s.feed = d.feed
    UNION ALL
    SELECT c.claim_id, n.feed, 2
    FROM (SELECT claim_id, unnest(organisations) AS organisation FROM step.shown) AS c
    JOIN named AS n USING (organisation)
    UNION ALL
    SELECT c.claim_id, p.feed, 3 FROM step.shown AS c JOIN step.press_feeds AS p USING (kind)
), span AS (
    -- From when it was first heard of to its latest evidence or change of status.
    SELECT c.claim_id, m.first_at, greatest(m.last_at, coalesce(v.moved_at, v.since, v.judged_at)) AS last_at
    FROM step.shown AS c
    JOIN (
        SELECT claim_id, min(least(said_at, seen_at)) AS first_at, max(seen_at) AS last_at
        FROM mentions
        GROUP BY claim_id
    ) AS m USING (claim_id)
    LEFT JOIN step.verdicts AS v USING (claim_id)
), near AS MATERIALIZED (
    -- With the span before the spells: of these there are many to a source.
    SELECT n.claim_id, n.feed, n.nearness, m.first_at, m.last_at
    FROM (SELECT claim_id, feed, min(nearness) AS nearness FROM bearing GROUP BY claim_id, feed) AS n
    JOIN span AS m USING (claim_id)
)
SELECT n.claim_id, s.feed, s.source, s.kind, s.since, s.until, s.message,
       ['its own source', 'its subject', 'the press'][n.place // 4294967296] AS bears_as
FROM (
    -- The ten smallest of a number in which nearness comes first: to rank the rows takes several times that.
    SELECT n.claim_id, unnest(min(n.nearness * 4294967296 + s.number, 10)) AS place
    FROM near AS n
    JOIN ordered AS s ON s.feed = n.feed AND s.since <= n.last_at
        AND (s.until IS NULL OR s.until > n.first_at) AND (n.nearness < 3 OR s.kind = 'failing')
    GROUP BY n.claim_id
) AS n
JOIN ordered AS s ON s.number = n.place % 4294967296;

-- What each claim is about: the organisations, those included that it names as a place alone ("free on
-- OpenRouter"), and what its other names are known to be. A name that the gazetteer does not know is a model
-- where the claim is judged as one about its release; its owner is who releases it, where claims tell of one
-- alone: hosts and sellers release other makers' models, too.
CREATE OR REPLACE VIEW subjects AS
SELECT 'organisation' AS type, organisation AS subject, NULL AS owner,
       'organisation:' || step.parent_key(organisation) AS who_id, claim_id
FROM (
    SELECT unnest(organisations) AS organisation, claim_id FROM step.shown
    UNION
    SELECT n.name, e.claim_id
    FROM (SELECT unnest(entities) AS name, claim_id FROM step.shown) AS e JOIN store.names AS n USING (name)
    WHERE n.type = 'organisation'
)
UNION ALL
SELECT CASE WHEN n.type IS NULL OR n.type = 'unknown' THEN 'model' ELSE n.type END, e.name,
       coalesce(n.owner, r.organisation), NULL, e.claim_id
FROM (SELECT DISTINCT unnest(entities) AS name, claim_id FROM step.shown) AS e
LEFT JOIN store.names AS n USING (name)
LEFT JOIN (SELECT model AS name,
                  CASE WHEN count(DISTINCT organisation) = 1 THEN min(organisation) END AS organisation
           FROM store.releases WHERE release_key IS NOT NULL GROUP BY model) AS r
    USING (name)
WHERE n.type IN ('model', 'benchmark', 'person') OR (coalesce(n.type, 'unknown') = 'unknown'
                                                     AND r.name IS NOT NULL);
