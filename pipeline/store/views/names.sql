-- The public SQL interface. Every view and column is documented in docs/sql.md, and publish writes each view
-- as a table of the published copy. Times are UTC. Views in the schema `step` are steps on the way, not
-- published.

CREATE SCHEMA IF NOT EXISTS step;

-- Whether at least the day is known.
CREATE OR REPLACE MACRO step.to_the_day("precision") AS "precision" IN ('second', 'minute', 'day');

-- When a time that is known so exactly is over: the end of a second, of a day, of a month.
CREATE OR REPLACE MACRO step.over("at", "precision") AS CASE "precision"
    WHEN 'second' THEN date_trunc('second', "at") + INTERVAL 1 SECOND
    WHEN 'minute' THEN date_trunc('minute', "at") + INTERVAL 1 MINUTE
    WHEN 'day' THEN "at" + INTERVAL 1 DAY WHEN 'month' THEN "at" + INTERVAL 1 MONTH
    WHEN 'quarter' THEN "at" + INTERVAL 3 MONTH WHEN 'year' THEN "at" + INTERVAL 1 YEAR ELSE "at" END;

-- A date that begins at midnight of UTC is one whose zone nobody told: it begins up to 13 hours earlier and
-- ends up to 11 hours later, somewhere. The same as `bounds` of pipeline/core/times.py.
CREATE OR REPLACE MACRO step.zoneless("at", "precision") AS
    "precision" NOT IN ('second', 'minute', 'unknown') AND "at" = date_trunc('day', "at");

-- The bounds of a publication time that is known so exactly: from the first moment, and before the second.
CREATE OR REPLACE MACRO step.begins("at", "precision") AS
    "at" - CASE WHEN step.zoneless("at", "precision") THEN INTERVAL 13 HOUR ELSE INTERVAL 0 HOUR END;
CREATE OR REPLACE MACRO step.ends("at", "precision") AS step.over("at", "precision")
    + CASE WHEN step.zoneless("at", "precision") THEN INTERVAL 11 HOUR ELSE INTERVAL 0 HOUR END;

-- The bounds of the time at which a mention was said, by the publication of its document and by its version:
-- what has no date was said some time before we saw it and after what is known to lie before, and what an
-- edit brought some time between the two looks.
CREATE OR REPLACE MACRO step.said_earliest(said_at, "at", "precision", not_before, edited, unchanged_at) AS
    CASE
    WHEN said_at IS NULL AND edited AND unchanged_at IS NOT NULL THEN unchanged_at
    ELSE greatest(step.begins("at", "precision"), not_before) END;
CREATE OR REPLACE MACRO step.said_latest(said_at, "at", "precision", not_before, seen_at) AS CASE
    WHEN said_at IS NULL THEN seen_at
    ELSE greatest(step.begins("at", "precision"), not_before,
                  least(step.ends("at", "precision") - INTERVAL 1 MICROSECOND, seen_at)) END;

-- Since when a voice has spoken, by the bounds of all its statements: null where that is not known. What it
-- says itself counts; of a voice of which no document is stored, the earliest that passes it on. It had
-- spoken before anybody passed it on.
CREATE OR REPLACE MACRO step.spoke_from(earliest, latest, independent) AS CASE
    WHEN NOT bool_or(independent) THEN arg_min_null(earliest, latest)
    WHEN bool_and(earliest IS NOT NULL) FILTER (independent)
        AND min(earliest) FILTER (independent) <= min(latest) THEN min(earliest) FILTER (independent) END;

-- The time of saying, by which statements are put in order: of what is known to the month or less the last
-- moment at which it can have been said, so that nothing comes first by a guess.
CREATE OR REPLACE MACRO step.said_at("at", "precision", seen_at) AS CASE
    WHEN "at" IS NOT NULL AND "precision" IN ('month', 'quarter', 'year')
        THEN greatest("at", least(step.over("at", "precision") - INTERVAL 1 MICROSECOND, seen_at))
    ELSE "at" END;

-- A name as it is published: feeds give authors as HTML ("<a href=...>Jane</a>"), and what is nothing but a
-- tag names nobody.
CREATE OR REPLACE MACRO step.shown_name(name) AS
    nullif(trim(regexp_replace(name, '</?[a-zA-Z][^<>]*(>|$)', '', 'g')), '');
CREATE OR REPLACE MACRO step.source_name(name) AS
    CASE WHEN name IS NOT NULL THEN coalesce(step.shown_name(name), 'nobody named') END;

-- The key of a name, as `name_key` of pipeline/text/names.py has it: case, width, accents, punctuation and a
-- leading "the" are taken off. Null where nothing is left, so that such names equal no others. It stands in a
-- list, so that it is worked out once.
CREATE OR REPLACE MACRO step.name_key(name) AS list_transform(
    [trim(regexp_replace(
        translate(replace(replace(lower(strip_accents(name)), 'ß', 'ss'), 'ς', 'σ'),
                  '０１２３４５６７８９ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ', '0123456789abcdefghijklmnopqrstuvwxyz'),
        '[^\p{L}\p{N}]+', ' ', 'g'))],
    lambda key: nullif(if(starts_with(key, 'the '), key[5:], key), ''))[1];

-- The organisation that an organisation is part of, by what is known of names (`store.names`); any other is
-- its own. Those of one parent are one voice, and one subject of a claim.
CREATE OR REPLACE MACRO step.parent(organisation) AS coalesce(
    (SELECT max(n.owner) FROM store.names AS n WHERE n.name = organisation AND n.type = 'organisation'),
    organisation);
CREATE OR REPLACE MACRO step.parent_key(organisation) AS step.name_key(step.parent(organisation));
