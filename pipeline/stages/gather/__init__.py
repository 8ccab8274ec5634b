"""Gather: passages are put to the claims that they speak to, for and against.

From outside: `stage.gather`. `candidates` searches, `slots_agree` keeps look-alikes apart, `attach` says who
speaks in a passage, `stories` puts claims that touch one another under one title.
"""
