"""Keep the work file: DuckDB tables that the pipeline alone writes, and the public views over them.

From outside: `store.Store` opens, migrates, reads and appends; `store.public_views` names the views to
publish; `queries.Statements` loads the named SQL that stands beside the code that runs it;
`row_by_row.row_by_row` puts rows to a model and leaves out, with an issue, the text that breaks it, and
`embedded.embedded` does so for an embedder; `vectors.vectors_of` reads a column of vectors;
`moved_rows.lay_moved` tells which rows of a table came and went. `migrations` and `views` hold the SQL of
tables and of public views.
"""
