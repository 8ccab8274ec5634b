"""Read what a page shows: one SQL file and one module of records for each page; times are UTC without zone.

From outside: `queries` opens the current copy, runs a named statement and keeps its answer. Records of the
pages: `about`, `ask`, `claim`, `claims`, `editing`, `finding`, `meta`, `models`, `review`,
`runs`, `sources`, `today`, `watches`; a record's fields are the columns of its statement. (A claim itself is
read by `pipeline.published.claim`.)
"""
