"""Gather: passages are put to the claims that they speak to, for and against.

From outside: `stage.gather`. `candidates` searches, `relating` says which passages belong to a claim and from
which probability on, `slots_agree` keeps look-alikes apart, `attach` says who speaks in a passage, `joining`
makes one of two claims that say the same, `stories` puts claims that touch one another under one title,
`story_groups` says which these are.
"""
