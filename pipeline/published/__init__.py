"""Read the published copy: the DuckDB file that each run replaces as a whole, or a night of a lake.

From outside: `place` says where it is read, `database` opens it read-only and asks it within bounds,
`open_copy` holds it open. `claim` reads claims as of any instant into `claim_rows`, `stories` stories into
`story_rows`, `marked_sentences` has their denials by sentence; `claim_list` lists claims that pass a
`claim_filter`, `sources` has sources with their records, `deadlines` dates that claims name, `slips` promised
dates of releases, `search` finds claims by words (`search_terms`) and `meaning`, `provenance_tree` arranges
who took it from whom. `sandbox` runs anybody's SQL in a process of its own, `question` tells what may be
asked, `sql_reference` what can be.
"""
