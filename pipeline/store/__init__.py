"""Keep the work file: DuckDB tables that the pipeline alone writes, and the public views over them.

From outside: `store.Store` opens, migrates, reads and appends; `queries.Statements` loads the named SQL that
stands beside the code that runs it. `migrations` and `views` hold the SQL of tables and of public views.
"""
