"""Read what a page shows: one SQL file and one module of records for each page; times are UTC without zone.

From outside: `queries` opens the current copy, runs a named statement and keeps its answer. Records of the
pages: `about`, `ask`, `claim`, `claim_context`, `claims`, `editing`, `finding`, `meta`, `models`, `review`,
`runs`, `sources`, `today`; a record's fields are the columns of its statement.
"""
