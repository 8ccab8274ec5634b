"""The page Runs: all runs, and the report of one.

From outside: `page`. `nights` draws their chart and list, `report` one run.
"""
