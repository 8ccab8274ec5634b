"""Write a fresh read-only copy of the public views, and rename it over the last one.

From outside: `stage.publish`. `search_index` makes the index that the dashboard searches.
"""
