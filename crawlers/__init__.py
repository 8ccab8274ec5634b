"""Collect documents from the network and from files into the inbox and the archive.

Rooms, the highest first: `demo`; `engine` (the crawl process) and `files` (a user's own files); `spiders`
(one a platform); `articles`; `http`; `normalise`. `sources` reads sources.toml, `crawl_state` remembers what
was seen, `link_targets` decides which links of posts are followed. Of the pipeline they import
`pipeline.core` only.
"""
