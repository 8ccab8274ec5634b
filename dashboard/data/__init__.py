"""What the dashboard's queries give: a module for each file of `sql/` (of `claim.sql` two), a record for each statement, whose fields are its columns.

Times are UTC without a zone.
"""
