"""Check a text: read its statements, and put each to the claims of the published copy."""

from __future__ import annotations

from datetime import datetime

from models.protocols import Models
from pipeline.check.link import Fetch, Page
from pipeline.check.records import Checked
from pipeline.core.config import Config, Home


class Checker:
    """Checks texts against the published copy of a home, one at a time, by the models of a run.

    It may be used from several threads: models are loaded once, when the first text is checked. What is
    checked is kept nowhere.
    """

    def __init__(self, home: Home, config: Config, models: Models) -> None:
        self._home, self._config, self._models = home, config, models

    def check(self, text: str, *, said_at: datetime | None = None) -> Checked:
        """Return the statements of a text and the known claims that each of them speaks to.

        Relative times in it ("next week") count from `said_at`; where that is None they stay unknown. Raises
        DataError for a text without a letter, where nothing is published, and where the copy has no vectors
        of these models; ModelError where a model cannot be loaded.
        """
        raise NotImplementedError

    def check_link(self, url: str, fetch: Fetch) -> Checked:
        """Return the same for the page behind a link. Raises SourceError as `fetch` does, and as `check`."""
        return self.check_page(fetch(url))

    def check_page(self, page: Page) -> Checked:
        """Return the same for a page that was fetched. Raises as `check` does."""
        raise NotImplementedError
