-- Who takes it from whom, and the sources.

CREATE OR REPLACE VIEW provenance AS
SELECT g.edge_id, g.document_id, d.url, g.origin_document_id, o.url AS origin_url, g.origin_name, g.kind,
       g.strength, g.words
FROM store.edges AS g
JOIN store.documents AS d ON d.document_id = g.document_id
LEFT JOIN store.documents AS o ON o.document_id = g.origin_document_id;

-- Who takes what it tells from whom: the mentions that are no voice of their own, by the source whose voice
-- or document they were traced to, or the voice that is not stored. Its own documents, and rumour with nobody
-- behind it, are none of anybody's.
CREATE OR REPLACE VIEW repeats AS
WITH passed AS MATERIALIZED (
    SELECT e.source_id, e.document_id, e.claim_id, e.voice_name,
           CASE WHEN starts_with(e.voice, 'source:') THEN e.voice[8:]
                WHEN NOT starts_with(e.voice, 'unstored:') THEN o.source_id END AS origin_source_id,
           CASE WHEN origin_source_id IS NULL THEN e.voice END AS voice
    FROM evidence AS e
    LEFT JOIN store.documents AS o ON o.document_id = e.origin_document_id
    WHERE NOT e.independent AND e.voice <> 'hearsay' AND origin_source_id IS DISTINCT FROM e.source_id
), signs AS (
    -- A document follows one of that source, or a voice that is not stored; by way of others it bears no sign
    -- of that.
    SELECT g.document_id, o.source_id AS origin_source_id, g.kind
    FROM store.edges AS g
    LEFT JOIN store.documents AS o ON o.document_id = g.origin_document_id
), told AS (
    SELECT source_id, origin_source_id, voice, min(voice_name) AS voice_name,
           count(DISTINCT document_id) AS documents, count(DISTINCT claim_id) AS claims
    FROM passed
    GROUP BY source_id, origin_source_id, voice
), shown AS (
    SELECT source_id, origin_source_id, voice, list(kind || ': ' || documents ORDER BY documents DESC,
                                                    kind) AS signs
    FROM (
        SELECT p.source_id, p.origin_source_id, p.voice, g.kind, count(DISTINCT p.document_id) AS documents
        FROM passed AS p
        JOIN signs AS g ON g.document_id = p.document_id
            AND g.origin_source_id IS NOT DISTINCT FROM p.origin_source_id
        GROUP BY ALL
    )
    GROUP BY ALL
), named AS MATERIALIZED (
    SELECT source_id, step.source_name(name) AS name, step.shown_name(name) AS shown_name FROM store.sources
)
SELECT t.source_id, s.name AS source, t.origin_source_id, coalesce(o.shown_name, t.voice_name) AS origin,
       t.documents, t.claims, coalesce(n.signs, []) AS signs
FROM told AS t
JOIN named AS s USING (source_id)
LEFT JOIN named AS o ON o.source_id = t.origin_source_id
LEFT JOIN shown AS n ON n.source_id = t.source_id
    AND n.origin_source_id IS NOT DISTINCT FROM t.origin_source_id AND n.voice IS NOT DISTINCT FROM t.voice;

-- `claims` counts the claims that the source speaks for. How those that it said first ended stands in
-- `track_records`.
CREATE OR REPLACE VIEW sources AS
SELECT s.source_id, step.source_name(s.name) AS name, s.platform, s.role, s.url, s.organisation,
       coalesce(n.claims, 0) AS claims,
       coalesce(k.documents, 0) AS documents, h.name AS house
FROM store.sources AS s
LEFT JOIN store.houses AS h USING (source_id)
LEFT JOIN (SELECT source_id, count(*) AS documents FROM store.documents GROUP BY source_id) AS k
    USING (source_id)
LEFT JOIN (
    SELECT source_id, count(DISTINCT claim_id) AS claims FROM evidence WHERE stance = 'supports'
    GROUP BY source_id
) AS n USING (source_id);
