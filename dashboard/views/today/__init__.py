"""The page Today: what moved since this browser looked last.

From outside: `page`. `stories`, `claims` and `sources` draw its sections; `last_visit` reads and writes the
two cookies.
"""
