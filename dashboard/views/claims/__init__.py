"""The page Claims: search, filters, order and the list.

From outside: `page`; `search` also for how an embedder is handed over. `filters` has the filters and orders.
"""
