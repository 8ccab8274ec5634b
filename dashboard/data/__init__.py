"""Read what a page shows: one SQL file and one module of records for each page; times are UTC without zone.

From outside: `queries` opens the current copy, runs a named statement and keeps its answer. Records of the
pages: `about`, `ask`, `claim`, `editing`, `meta`, `models`, `review`, `runs`, `today`, `watches`; a record's
fields are the columns of its statement. Claims, stories, sources and search are read by `pipeline.published`.
"""
