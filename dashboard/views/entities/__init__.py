"""The page Models: all models and organisations, and one of them.

From outside: `page`. `entity` is the page of one.
"""
