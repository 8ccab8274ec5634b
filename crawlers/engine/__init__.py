"""Run a crawl in a process of its own, with Scrapy.

From outside: `launcher` starts a night's crawl, `distribution` has workers do it (with `night`, `shards` and
`link_shards`), `check` asks each source once, `revisit` plans and does second looks, `process` is what
`python -m crawlers` runs, `single_page` fetches one page for a person. The rest is Scrapy's configuration:
`scrapy_settings`, the middlewares `article_middleware`, `auth`, `retry_after`, `robots` and `sites`, and
`item_pipeline` (writes the inbox).
"""
