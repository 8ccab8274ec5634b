"""Read the published copy: the DuckDB file that each run replaces as a whole.

From outside: `database` opens it read-only and asks it within bounds, `question` tells what may be asked,
`claim` reads one claim as of any instant into the records of `claim_rows`, `provenance_tree` arranges who
took it from whom, `claim_list` lists claims, `sources` has the records of sources, `search` finds claims by
words (`search_terms` cuts them) and `meaning`, `open_copy` holds the copy open for many questions, `sandbox`
runs anybody's SQL in a process of its own, `sql_reference` gives the documented questions and views.
"""
