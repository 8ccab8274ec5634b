"""Read the published copy: the DuckDB file that each run replaces as a whole.

From outside: `database` opens it read-only and asks it within bounds, `question` tells what may be asked,
`claim` reads claims as of any instant into the records of `claim_rows`, `claim_filter` has their filter and
its address, `filter_words` the words for it, `stories` lists and reads stories into those of `story_rows`,
`deadlines` the dates that claims name, `slips` the promised dates of releases, `provenance_tree` arranges who
took it from whom, `search_terms` cuts a search, `sql_reference` gives the documented questions and views.
"""
