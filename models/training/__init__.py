"""Make every shipped weight anew from data; nothing outside imports this room.

`claim_similarity`, `threads` and the package `stance` are run with `python -m`; `data` reads the data sets.
"""
