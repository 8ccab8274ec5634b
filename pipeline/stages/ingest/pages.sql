-- name: by_page
-- The stored document of each page: the one collected first where several ids share it.
SELECT coalesce(page, url) AS of_page, arg_min(document_id, (seen_at, document_id)) AS document_id
FROM store.documents
WHERE coalesce(page, url) IN (SELECT unnest($pages::VARCHAR[]))
GROUP BY of_page;

-- name: by_id
-- The stored document of each id, be it one that it had before it was united with another.
SELECT document_id AS id, document_id FROM store.documents
WHERE document_id IN (SELECT unnest($ids::VARCHAR[]))
UNION ALL
SELECT earlier_id, document_id FROM store.earlier_ids WHERE earlier_id IN (SELECT unnest($ids::VARCHAR[]));

-- name: rules
SELECT rules FROM store.page_rules;

-- name: compare
-- Every address that the store has, with that of its page.
CREATE OR REPLACE TEMP TABLE compared_address AS
SELECT url, page_of(url) AS page
FROM (
    SELECT url FROM store.documents
    UNION
    SELECT in_reply_to FROM store.documents
    UNION
    SELECT url FROM store.sightings
    UNION
    SELECT url FROM store.links
    UNION
    SELECT unnest([url, leads_to]) FROM store.aliases
    UNION
    SELECT url FROM store.earlier_ids
    UNION
    SELECT url FROM store.pages
)
WHERE url IS NOT NULL;

-- name: keep
INSERT OR REPLACE INTO store.pages SELECT url, page FROM compared_address WHERE page <> url;

-- name: forget
DELETE FROM store.pages WHERE url IN (SELECT url FROM compared_address WHERE page = url);

-- name: mark
UPDATE store.documents AS d SET page = nullif(c.page, c.url) FROM compared_address AS c
WHERE c.url = d.url AND d.page IS DISTINCT FROM nullif(c.page, c.url);

-- name: doubles
-- The documents of each page that has several: first the one that names its author and was collected first.
SELECT list(document_id ORDER BY author IS NULL, seen_at, document_id) AS documents,
       list(url ORDER BY author IS NULL, seen_at, document_id) AS urls
FROM store.documents
WHERE url IS NOT NULL
GROUP BY coalesce(page, url)
HAVING count(*) > 1
ORDER BY documents;

-- name: united
-- The documents that become one, with the one that they become. `place`: of two texts the one that holds more
-- or was seen later is the newer version.
CREATE OR REPLACE TEMP TABLE united AS
SELECT u.earlier_id, u.document_id, d.url, coalesce(s.last_seen_at, d.seen_at) AS last_seen_at,
       row_number() OVER (
           PARTITION BY u.document_id
           ORDER BY list_position(['feed', 'teaser', 'whole'], v.extent), coalesce(s.last_seen_at, d.seen_at),
                    u.earlier_id
       ) AS place
FROM (SELECT unnest($earlier::VARCHAR[]) AS earlier_id, unnest($documents::VARCHAR[]) AS document_id) AS u
JOIN store.documents AS d ON d.document_id = u.earlier_id
LEFT JOIN store.sightings AS s ON s.document_id = u.earlier_id
LEFT JOIN (SELECT document_id, arg_max(extent, number) AS extent FROM store.versions GROUP BY document_id)
    AS v ON v.document_id = u.earlier_id;

-- name: forget_rules
DELETE FROM store.page_rules;

-- name: keep_rules
INSERT INTO store.page_rules VALUES ($rules);
