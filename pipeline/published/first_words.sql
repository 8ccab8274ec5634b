-- Of a voice, or a document that is none, among the statements that are grouped by it. The same rule as
-- `step.first_words` of pipeline/store/views/claims.sql.

-- name: earliest
-- Since when it may have spoken: by the statements of its own if it has any, null where nothing bounds it.
CASE WHEN NOT bool_or(independent) THEN arg_min_null(said_earliest, said_latest)
     WHEN bool_and(said_earliest IS NOT NULL) FILTER (independent)
          AND min(said_earliest) FILTER (independent) <= min(said_latest)
         THEN min(said_earliest) FILTER (independent) END

-- name: own_first
-- Whether words of its own may be its first.
coalesce(min(said_earliest) FILTER (independent) <= min(said_latest), true)
