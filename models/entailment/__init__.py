"""Say whether a passage bears out the whole of a claim.

From outside: `model` is the entailment model.
"""
