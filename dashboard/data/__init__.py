"""Records of the dashboard's queries: a module for each file of SQL, a record for each statement.

Times are UTC without a zone.
"""
