"""Bring addresses, dates, encodings and text to one form, and check documents.

From outside: `urls` (with the rules of `platform_urls`), `github_pages` (what an address of GitHub names),
`dates`, `encoding`, `text_repair` (with `mojibake`), `html` and `markdown` (a post as text), `lists` gives
the numbers of ordered lists, `time_limit` bounds a library's work on hostile input, `reader` has the number
of the code that reads texts, and `validate` checks a document before it may enter the inbox.
"""
