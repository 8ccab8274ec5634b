"""The page Claims: search, filters, order and the list.

From outside: `page`. `filters` draws what the list is narrowed by, `listing` reads it and searches.
"""
