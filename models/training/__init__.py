"""Make every shipped weight anew from data; nothing outside imports this room.

`claim_similarity`, `founding`, `threads` and the package `relation` are run with `python -m`; `data` reads
the data sets.
"""
