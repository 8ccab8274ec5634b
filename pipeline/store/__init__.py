"""The work file: tables, migrations, the public views, and the loader of named SQL."""
