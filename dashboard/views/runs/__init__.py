"""The page Runs: all runs, and the report of one.

From outside: `page`. `report` draws one run.
"""
