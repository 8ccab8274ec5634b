-- It was not published before this: a bound that is kept beside `published_at`, or instead of it.
ALTER TABLE store.documents ADD COLUMN not_before TIMESTAMP;

-- What an earlier Rumortrail took for times of publication: when a repository of models was made, and when a
-- paper was submitted. arXiv numbers a paper hours or days before it makes it public. Where the day of the
-- bound is that on which it was seen, the day is known.
UPDATE store.documents
SET not_before = published_at,
    published_at = CASE WHEN published_at::DATE = seen_at::DATE THEN published_at::DATE END,
    published_precision = CASE WHEN published_at::DATE = seen_at::DATE THEN 'day' ELSE 'unknown' END,
    published_from = CASE WHEN published_at::DATE = seen_at::DATE THEN published_from ELSE 'unknown' END
WHERE platform = 'huggingface' AND published_from = 'api' AND published_precision = 'second';

UPDATE store.documents AS d
SET not_before = d.published_at,
    published_at = CASE WHEN d.published_at::DATE = d.seen_at::DATE THEN d.published_at::DATE
        ELSE m.numbered END,
    published_precision = CASE WHEN d.published_at::DATE = d.seen_at::DATE THEN 'day'
        WHEN m.numbered IS NOT NULL THEN 'month' ELSE 'unknown' END,
    published_from = CASE WHEN d.published_at::DATE = d.seen_at::DATE OR m.numbered IS NOT NULL
        THEN d.published_from ELSE 'unknown' END
FROM (
    SELECT document_id,
           try_strptime(regexp_extract(url, '/abs/(\d{4})\.\d{4,5}$', 1), '%y%m') AS numbered
    FROM store.documents
    WHERE platform = 'arxiv'
) AS m
WHERE d.document_id = m.document_id AND d.published_from = 'api' AND d.published_precision = 'second';

-- A clock at which half of a feed's entries stand, in summer or in winter, is none: each of them says no more
-- than the day that begins then.
UPDATE store.documents AS d
SET published_precision = 'day'
FROM (
    WITH told AS (
        SELECT feed, hour(published_at) * 60 + minute(published_at) AS clock
        FROM store.documents
        WHERE published_from = 'feed' AND published_precision = 'second'
    ), alike AS (
        SELECT feed, unnest([clock, (clock + 1380) % 1440]) AS clock FROM told
    ), shared AS (
        SELECT a.feed, a.clock
        FROM alike AS a
        JOIN (SELECT feed, count(*) AS entries FROM told GROUP BY feed) AS f USING (feed)
        GROUP BY a.feed, a.clock
        HAVING count(*) >= greatest(5, max(f.entries) / 2)
    )
    SELECT DISTINCT feed, unnest([clock, (clock + 60) % 1440]) AS clock FROM shared
) AS s
WHERE d.feed = s.feed AND hour(d.published_at) * 60 + minute(d.published_at) = s.clock
  AND d.published_from = 'feed' AND d.published_precision = 'second';

-- What is said in them has the document's time; a month counts by its last moment at which it can have been
-- said.
UPDATE store.mentions AS m
SET said_at = CASE WHEN d.published_precision = 'month'
    THEN greatest(d.published_at,
                  least(d.published_at + INTERVAL 1 MONTH - INTERVAL 1 MICROSECOND, m.seen_at))
    ELSE d.published_at END
FROM store.documents AS d
WHERE m.document_id = d.document_id AND d.not_before IS NOT NULL AND m.said_at IS NOT NULL;

UPDATE store.passages AS p
SET said_at = CASE WHEN d.published_precision = 'month'
    THEN greatest(d.published_at,
                  least(d.published_at + INTERVAL 1 MONTH - INTERVAL 1 MICROSECOND, p.seen_at))
    ELSE d.published_at END
FROM store.documents AS d
WHERE p.document_id = d.document_id AND d.not_before IS NOT NULL AND p.said_at IS NOT NULL;

-- Who took it from whom is sought again, as far as that rests on times: those that changed, and dates
-- without a zone, whose bounds are wider now.
CREATE TEMP TABLE dated_anew AS
SELECT document_id FROM store.documents
WHERE not_before IS NOT NULL OR published_precision IN ('day', 'month', 'quarter', 'year');

DELETE FROM store.traced
WHERE document_id IN (FROM dated_anew)
   OR document_id IN (SELECT document_id FROM store.edges
                      WHERE kind IN ('near_duplicate', 'quotation', 'same_speaker')
                        AND origin_document_id IN (FROM dated_anew));

DELETE FROM store.edges
WHERE kind IN ('near_duplicate', 'quotation', 'same_speaker')
  AND (document_id IN (FROM dated_anew) OR origin_document_id IN (FROM dated_anew));

DROP TABLE dated_anew;
