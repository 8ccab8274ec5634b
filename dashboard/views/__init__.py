"""The pages: one module or package for each, with a function `show(copy)`; no page imports another.

`about` and `review` are modules. A package draws its page in page.py.
"""
