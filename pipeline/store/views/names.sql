-- The public SQL interface. Every view and column is documented in docs/sql.md, and publish writes each view
-- as a table of the published copy. Times are UTC. Views in the schema `step` are steps on the way, not
-- published.

CREATE SCHEMA IF NOT EXISTS step;

-- The key of a name, as `name_key` of pipeline/text/names.py has it: case, width, accents, punctuation and a
-- leading "the" are taken off. Null where nothing is left, so that such names equal no others.
CREATE OR REPLACE MACRO step.name_key(name) AS nullif(regexp_replace(trim(regexp_replace(
    translate(replace(replace(lower(strip_accents(name)), 'ß', 'ss'), 'ς', 'σ'),
              '０１２３４５６７８９ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ', '0123456789abcdefghijklmnopqrstuvwxyz'),
    '[^\p{L}\p{N}]+', ' ', 'g')), '^the ', ''), '');
