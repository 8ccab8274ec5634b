"""The page Ask: any question in SQL.

From outside: `page`. `table` and `chart` draw an answer; `pipeline/published/sandbox.py` gives it.
"""
