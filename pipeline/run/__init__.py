"""Do one run: the order of the stages, the lock, the one place that catches every error.

From outside: `nightly` (crawl, process, ingest files), `stages` (their order), `report` (how a run ended),
`revisit` (looks again at documents within the day), `models` (loads each model when a stage first asks for
it, and makes the second reader of the settings), `spread_models` (the same over an engine's workers, and what
a process has installed), `interactive` (what answers a person who waits: vectors, the check of a text, the
fetching of a page). `error_boundary`, `storage` and `after_publishing` serve a run.
"""
