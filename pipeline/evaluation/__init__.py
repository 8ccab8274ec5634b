"""Measure the models on labelled files (`rumortrail eval`).

From outside: `rows` reads the files, `stance`, `clustering`, `threads` and `reading` measure, `ranking`
orders stored claims for a text. No label of an input reaches a model.
"""
