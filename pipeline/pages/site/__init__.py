"""Write a site: pages of claims and stories, lists, search, feeds and calendar as a folder of static files.

From outside: `write.write_site`. `folder` keeps what was written there, `rows` reads what the lists show,
`lists` writes their pages, `search` the index, `batches` the pages of claims and stories.
"""
