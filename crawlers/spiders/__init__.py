"""Read one platform each: a source's address in, documents, gone documents and issues out (docs/crawlers.md).

From outside: `base.SourceSpider`, `crawl_run` (what the spiders of a run share), and one class in each of
`feeds`, `reddit`, `mastodon`, `bluesky`, `telegram`, `x`, `github`, `registry`, `price_list`, `huggingface`,
`hackernews`, `arxiv` and `followed_links`. `listing` pages through answers, `feed_articles` reads the pages
behind entries, `feed_clock`, `feed_formats`, `feed_words`, `github_search`, `registry_facts`,
`reddit_api` and `x_api` read parts of answers.
"""
