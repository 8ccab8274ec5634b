"""The page Models: all models and organisations, and one of them.

From outside: `page`. `entity` is the page of one, `chart` its time axis, `rivals` the claims that exclude
each other.
"""
