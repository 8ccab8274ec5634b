-- Who said something first: statements are grouped by `who`; `own` are those that it publishes itself. As
-- `step.first_words` of pipeline/store/views/claims.sql has it.

-- name: who
-- A voice; of what is none the account or outlet that publishes it, which is that voice where it also speaks
-- for itself; of a post whose account is not known, and of a page that is no outlet's, the document alone.
CASE WHEN is_voice THEN voice_key
     WHEN platform IN ('news', 'blog') OR contains(source_id, ':') THEN 'source:' || source_id
     ELSE document_id END

-- name: own
independent OR NOT is_voice

-- name: earliest
-- Since when it may have spoken: by the statements of its own if it has any, null where nothing bounds it.
CASE WHEN NOT bool_or(own) THEN arg_min_null(said_earliest, said_latest)
     WHEN bool_and(said_earliest IS NOT NULL) FILTER (own)
          AND min(said_earliest) FILTER (own) <= min(said_latest)
         THEN min(said_earliest) FILTER (own) END

-- name: own_first
-- Whether words of its own may be its first.
coalesce(min(said_earliest) FILTER (independent) <= min(said_latest), true)
