"""Start the process from which the tests' processes are forked; it has loaded what any of them runs.

multiprocessing keeps one such process, with one list of what it loads: two lists would replace each other.
"""

from __future__ import annotations

import multiprocessing

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([
    "__main__", "pipeline.run.nightly", "pipeline.run.revisit", "crawlers.engine.process",
    "sklearn.feature_extraction.text", "tests.processes", "tests.crawlers.preloaded", "tests.crawlers.warmed",
])
