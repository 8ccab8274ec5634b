-- What claims are about, and what could not be read about it.

-- The sources that bear on a claim and could not be read while it moved, from when it was first heard of to
-- its latest evidence or change of status: those of its documents, channels of its organisations, and, where
-- they failed, the five outlets of the press that speak most of such claims. Ten for each claim at most,
-- those nearest to it first.
CREATE OR REPLACE VIEW blind_spots AS
WITH moving AS (
    SELECT c.claim_id, c.kind, list_transform(c.organisations,
                                              lambda name: step.name_key(name)) AS organisations,
           m.first_at, greatest(m.last_at, coalesce(v.moved_at, v.since, v.judged_at)) AS last_at
    FROM step.shown AS c
    JOIN (
        SELECT claim_id, min(least(said_at, seen_at)) AS first_at, max(seen_at) AS last_at
        FROM mentions
        GROUP BY claim_id
    ) AS m USING (claim_id)
    LEFT JOIN step.verdicts AS v USING (claim_id)
), spell AS (
    SELECT feed, source, kind, since, until, arg_max(message, nights) AS message
    FROM silences
    WHERE kind <> 'off'
    GROUP BY feed, source, kind, since, until
), ordered AS MATERIALIZED (
    -- Numbered, since to put texts in order for each claim takes most of the time.
    SELECT *, row_number() OVER (ORDER BY since, source, kind, feed, until) AS number FROM spell
), spoke AS (
    SELECT DISTINCT e.claim_id, d.feed
    FROM evidence AS e
    JOIN store.documents AS d USING (document_id)
    SEMI JOIN spell AS s ON s.feed = d.feed
), bearing AS (
    SELECT claim_id, feed, 1 AS nearness FROM spoke
    UNION ALL
    SELECT m.claim_id, s.source_id, 2
    FROM (SELECT claim_id, unnest(organisations) AS organisation FROM moving) AS m
    JOIN store.sources AS s ON step.name_key(s.organisation) = m.organisation
    UNION ALL
    SELECT m.claim_id, k.feed, 3
    FROM moving AS m
    JOIN (
        SELECT c.kind, p.feed
        FROM spoke AS p
        JOIN step.shown AS c USING (claim_id)
        JOIN store.sources AS s ON s.source_id = p.feed
        WHERE s.role = 'press' AND p.feed IN (SELECT feed FROM spell WHERE kind = 'failing')
        GROUP BY c.kind, p.feed
        QUALIFY row_number() OVER (PARTITION BY c.kind ORDER BY count(*) DESC, p.feed) <= 5
    ) AS k USING (kind)
), near AS (
    SELECT claim_id, feed, min(nearness) AS nearness FROM bearing GROUP BY claim_id, feed
)
SELECT n.claim_id, s.feed, s.source, s.kind, s.since, s.until, s.message,
       ['its own source', 'its subject', 'the press'][n.nearness] AS bears_as
FROM (
    SELECT n.claim_id, n.nearness, s.number
    FROM near AS n
    JOIN moving AS m USING (claim_id)
    JOIN ordered AS s ON s.feed = n.feed AND s.since <= m.last_at
        AND (s.until IS NULL OR s.until > m.first_at)
    WHERE n.nearness < 3 OR s.kind = 'failing'
    QUALIFY row_number() OVER (PARTITION BY n.claim_id ORDER BY n.nearness, s.number) <= 10
) AS n
JOIN ordered AS s USING (number);

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
