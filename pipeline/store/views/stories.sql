-- Stories: claims about the same things in the same days that touch one another.

-- The names that a story's claims are about, those of most claims first.
CREATE OR REPLACE VIEW step.story_names AS
WITH held AS (
    SELECT s.story_id, c.claim_id, c.organisations, c.entities
    FROM store.story_claims AS s
    JOIN step.shown AS c USING (claim_id)
), named AS (
    SELECT story_id, 'organisation' AS type, unnest(organisations) AS name, claim_id FROM held
    UNION ALL
    SELECT story_id, 'entity', unnest(entities), claim_id FROM held
)
SELECT story_id, type, list_transform(list_sort(list((-claims, name))), lambda one: one[2]) AS names
FROM (
    SELECT story_id, type, name, count(DISTINCT claim_id) AS claims FROM named GROUP BY story_id, type, name
)
GROUP BY story_id, type;

-- The titles that editors gave: of a story's own the newest, else the newest of a story that it took over.
CREATE OR REPLACE VIEW step.story_titles AS
SELECT coalesce(h.heir, d.target) AS story_id, d.value AS title, d.editor
FROM store.decisions AS d
LEFT JOIN store.story_heirs AS h ON h.story_id = d.target
WHERE d.kind = 'story_title' AND d.undone_at IS NULL
QUALIFY row_number() OVER (PARTITION BY coalesce(h.heir, d.target)
                           ORDER BY h.heir IS NULL DESC, d.number DESC, d.decided_at DESC, d.decision_id) = 1;

CREATE OR REPLACE VIEW stories AS
WITH told AS (
    SELECT s.story_id, min(e.said_at) AS first_said_at, max(e.said_at) AS last_said_at,
           count(DISTINCT c.claim_id) AS claims, count(e.evidence_id) AS mentions,
           count(DISTINCT e.voice) FILTER (e.independent) AS voices
    FROM store.story_claims AS s
    JOIN step.shown AS c USING (claim_id)
    LEFT JOIN evidence AS e ON e.claim_id = s.claim_id
    GROUP BY s.story_id
)
SELECT s.story_id, coalesce(e.title, s.title) AS title, t.first_said_at, t.last_said_at, t.claims, t.mentions,
       t.voices,
       coalesce(o.names, []) AS organisations, coalesce(n.names, []) AS entities, s.split_from,
       e.editor AS titled_by, s.title AS machine_title
FROM store.stories AS s
JOIN told AS t USING (story_id)
LEFT JOIN step.story_titles AS e USING (story_id)
LEFT JOIN step.story_names AS o ON o.story_id = s.story_id AND o.type = 'organisation'
LEFT JOIN step.story_names AS n ON n.story_id = s.story_id AND n.type = 'entity';

-- Stories that another took over, so that their ids still lead somewhere.
CREATE OR REPLACE VIEW story_heirs AS
SELECT h.story_id, h.heir, h.since FROM store.story_heirs AS h;
