"""The crawl process: launcher, middleware, item pipeline."""
