"""The page Claims: search, filters, order and the list.

From outside: `page`; `meaning` also for how an embedder is handed over. `filters` draws what the list is
narrowed by, `listing` reads it, `search` finds words.
"""
