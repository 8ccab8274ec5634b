-- Whose the posts on platforms of accounts are. An earlier Rumortrail gave a feed's role and organisation to
-- each account whose name is anywhere in the feed's address; it never gave them to an account that another
-- listing showed first; and a Mastodon name without a server stood for everybody who bears it.
CREATE TEMP MACRO path_of(url) AS regexp_extract(url, '^https?://[^/?#]*([^?#]*)', 1);
CREATE TEMP MACRO host_of(url) AS lower(regexp_extract(url, '^https?://(?:[^/?#@]*@)?([^/?#:]*)', 1));
CREATE TEMP MACRO full_name(name, url) AS
    CASE WHEN regexp_full_match(name, '[A-Za-z0-9_.-]+') AND host_of(url) <> ''
        THEN name || '@' || host_of(url) ELSE name END;
-- The host of the account whose post a page is; empty where the page does not tell.
CREATE TEMP MACRO own_host(name, page) AS
    CASE WHEN lower(regexp_extract(page, '^https?://[^/?#]+/@([A-Za-z0-9_.-]+)(?:/[0-9]+)?/?$', 1))
            = lower(split_part(name, '@', 1))
        THEN host_of(page) ELSE '' END;
-- The account, in small letters, whose page an address is; null where it lists many.
CREATE TEMP MACRO account_of(platform, url) AS lower(nullif(
    CASE platform
        WHEN 'x' THEN regexp_extract(regexp_replace(path_of(url), '^/search/?$', ''), '^/([^/]+)/?$', 1)
        WHEN 'bluesky' THEN regexp_extract(path_of(url), '^/profile/([^/]+)/?$', 1)
        WHEN 'mastodon' THEN full_name(nullif(regexp_extract(path_of(url), '^/@([^/]+)/?$', 1), ''), url)
        WHEN 'telegram' THEN regexp_extract(path_of(url), '^/(?:s/)?([^/]+)/?$', 1)
    END, ''));

-- What was known of the publishers when their documents were read.
CREATE TEMP TABLE read_as AS
SELECT d.document_id, d.author, d.source_id, s.role, s.organisation
FROM store.documents AS d
JOIN store.sources AS s USING (source_id)
WHERE d.author IS NOT NULL
  AND d.platform IN ('x', 'reddit', 'hackernews', 'bluesky', 'mastodon', 'telegram');

-- A name is of the server of the account's own pages, which the address of a post tells and that of a boost
-- does not; else a bare one is of the server that the feed is read from. Each new account begins with the
-- row of the old one.
CREATE TEMP TABLE renamed AS
SELECT document_id, earlier, author
FROM (
    SELECT d.document_id, d.source_id AS earlier, d.author AS earlier_author,
           CASE WHEN own_host(d.author, d.url) <> ''
               THEN split_part(d.author, '@', 1) || '@' || own_host(d.author, d.url)
               ELSE full_name(d.author, f.url) END AS author
    FROM store.documents AS d
    JOIN store.sources AS f ON f.source_id = d.feed
    WHERE d.platform = 'mastodon'
)
WHERE author <> earlier_author;

INSERT OR IGNORE INTO store.sources
SELECT 'mastodon:' || r.author, arg_min(coalesce(d.author_name, r.author), (d.seen_at, d.document_id)),
       'mastodon', any_value(s.role), any_value(s.url), any_value(s.organisation)
FROM renamed AS r
JOIN store.documents AS d USING (document_id)
JOIN store.sources AS s ON s.source_id = r.earlier
GROUP BY r.author;

UPDATE store.documents AS d
SET author = r.author, source_id = 'mastodon:' || r.author
FROM renamed AS r
WHERE d.document_id = r.document_id;

DELETE FROM store.sources
WHERE source_id IN (SELECT earlier FROM renamed)
  AND source_id NOT IN (SELECT source_id FROM store.documents)
  AND source_id NOT IN (SELECT feed FROM store.documents);

DELETE FROM store.houses WHERE source_id NOT IN (SELECT source_id FROM store.sources);

-- What the feed says whose page the account's is, and nothing of what another feed says. An account whose
-- feed is declared no more keeps what that said.
UPDATE store.sources AS s
SET role = t.role, url = t.url, organisation = t.organisation
FROM (
    WITH own AS (
        SELECT platform, account_of(platform, url) AS account,
               arg_min(struct_pack(role, url, organisation), source_id) AS feed
        FROM store.sources
        WHERE NOT starts_with(source_id, platform || ':') AND account_of(platform, url) IS NOT NULL
        GROUP BY ALL
    ), account AS (
        SELECT source_id, platform, url, lower(substr(source_id, length(platform) + 2)) AS name
        FROM store.sources
        WHERE starts_with(source_id, platform || ':')
          AND platform IN ('x', 'reddit', 'hackernews', 'bluesky', 'mastodon', 'telegram')
    )
    SELECT a.source_id, coalesce(o.feed.role, 'community') AS role, o.feed.url AS url,
           o.feed.organisation AS organisation
    FROM account AS a
    LEFT JOIN own AS o ON o.platform = a.platform AND o.account = a.name
    WHERE o.account IS NOT NULL
       OR (a.url IS NOT NULL AND account_of(a.platform, a.url) IS DISTINCT FROM a.name)
) AS t
WHERE s.source_id = t.source_id;

CREATE TEMP TABLE known_anew AS
SELECT d.document_id, r.author AS earlier_author, d.author, r.role AS earlier_role, s.role,
       r.organisation AS earlier_organisation, s.organisation
FROM read_as AS r
JOIN store.documents AS d USING (document_id)
JOIN store.sources AS s ON s.source_id = d.source_id
WHERE s.source_id <> r.source_id OR s.role <> r.role OR s.organisation IS DISTINCT FROM r.organisation;

-- What such a publisher says is its own word, of its own organisation, as far as that was the publisher's.
-- (Where the names that Rumortrail knows say the same of an account that no feed declares, that is lost with
-- it for old texts: the two cannot be told apart.) Whom it quotes keeps an organisation.
UPDATE store.mentions AS m
SET speaker = t.speaker, speaker_organisation = t.organisation,
    speaker_role = CASE WHEN list_contains(m.organisations, t.organisation) THEN 'first_party'
        WHEN m.by_author OR m.speaker_role = t.earlier_role THEN t.role ELSE m.speaker_role END
FROM (
    SELECT w.mention_id, k.role, k.earlier_role,
           CASE WHEN w.by_author AND w.speaker = k.earlier_author THEN k.author ELSE w.speaker END
               AS speaker,
           CASE WHEN w.by_author AND w.speaker_organisation IS NOT DISTINCT FROM k.earlier_organisation
               THEN k.organisation ELSE w.speaker_organisation END AS organisation
    FROM store.mentions AS w
    JOIN known_anew AS k USING (document_id)
    WHERE w.speaker IS NOT NULL
) AS t
WHERE m.mention_id = t.mention_id;

UPDATE store.passages AS p
SET speaker = CASE WHEN p.speaker = k.earlier_author THEN k.author ELSE p.speaker END,
    speaker_organisation = CASE WHEN p.speaker_organisation IS NOT DISTINCT FROM k.earlier_organisation
        THEN k.organisation ELSE p.speaker_organisation END
FROM known_anew AS k
WHERE p.document_id = k.document_id;

UPDATE store.speech AS w
SET speaker = CASE WHEN w.speaker = k.earlier_author THEN k.author ELSE w.speaker END,
    speaker_organisation = CASE WHEN w.speaker_organisation IS NOT DISTINCT FROM k.earlier_organisation
        THEN k.organisation ELSE w.speaker_organisation END
FROM known_anew AS k
JOIN store.versions AS v USING (document_id)
WHERE w.version_id = v.version_id AND w.voice = 'author';

-- Who took it from whom, and whose voice it is, is sought again.
DELETE FROM store.traced WHERE document_id IN (SELECT document_id FROM known_anew);

DELETE FROM store.edges
WHERE kind IN ('attribution', 'same_speaker', 'quotation')
  AND (document_id IN (SELECT document_id FROM known_anew)
       OR origin_document_id IN (SELECT document_id FROM known_anew));

DROP TABLE known_anew;
DROP TABLE renamed;
DROP TABLE read_as;
DROP MACRO account_of;
DROP MACRO own_host;
DROP MACRO full_name;
DROP MACRO host_of;
DROP MACRO path_of;
