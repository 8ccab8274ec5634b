"""Check a text against the published copy: which of its statements are known claims, and how these stand.

From outside: `checker.Checker`, `records` (`Checked` and what is in it, `as_json`), and `link`, which says
what a link's page is and by what it is fetched. Nothing that is checked is stored or logged here.
"""
