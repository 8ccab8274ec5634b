"""Turn a web page into an article: text, title, author, date and links.

From outside: `extract` reads a page, `response` gives the article of a downloaded page, `pool` reads
articles in other processes (`worker`), `metadata` what a page says of itself, `publication_time` when it
was published (with `visible_dates` and `outlet_zone`); `main_text` finds the text, `blocks` writes it down.
"""
