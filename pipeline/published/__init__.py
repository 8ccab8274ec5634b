"""Read the published copy: the DuckDB file that each run replaces as a whole.

From outside: `database` opens it read-only and asks it within bounds, `question` tells what may be asked,
`claim` reads one claim as of any instant into the records of `claim_rows`, `provenance_tree` arranges who
took it from whom and has the words for it, `search_terms` cuts a search into its terms, `claim_filter` is the
filter of lists, watches and feeds, `sql_reference` gives the documented questions and views.
"""
