"""The source of all answers: the current copy, the settings, and the models."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from dashboard.api.problems import Fault, Problem
from pipeline.check.records import Checked
from pipeline.core.config import Config
from pipeline.core.errors import (
    DataError,
    HiddenError,
    LimitError,
    NothingAskedError,
    OldCopyError,
    RumortrailError,
    UnknownError,
)
from pipeline.core.home import Home
from pipeline.exports.json_answers import Answers
from pipeline.exports.json_cursors import CursorError, StaleCursor
from pipeline.published.meaning import Load, Make
from pipeline.published.open_copy import Opener

_log = logging.getLogger(__name__)

SECONDS = 10.0
"""A statement takes at most so long; less where [ask] seconds says so."""


class Checker(Protocol):
    """What checks a text (`pipeline.check.checker`)."""

    def check(self, text: str) -> Checked:
        """Return the statements of a text and the known claims that each of them speaks to."""


@dataclass(frozen=True, slots=True)
class Models:
    """The makers of what needs a model, from whoever starts the server; without a maker it is not offered."""

    embedder: Make | None = None
    checker: Callable[[Home, Config], Checker] | None = None


class Service:
    """Answers questions on the current copy; any number of threads may ask."""

    def __init__(self, home: Home, models: Models) -> None:
        self.home, self.models = home, models
        self._lock = threading.Lock()
        self._opener: Opener | None = None
        self._checker: tuple[Config, Checker] | None = None

    def config(self) -> Config:
        """Return the settings, with the bounds of one answer."""
        config = Config.load(self.home.config_file)
        ask = replace(
            config.ask, seconds=min(SECONDS, config.ask.seconds), memory=config.dashboard.memory
        )
        return replace(config, ask=ask)

    def answers(self) -> Answers:
        """Return the answers from the current copy. Raises DataError where there is none."""
        config = self.config()
        with self._lock:
            if self._opener is None:
                self._opener = Opener(self.home, config)
            opener = self._opener
        load = Load(config.models, self.models.embedder) if self.models.embedder else None
        return Answers(opener.current(), self.home, config.publisher, load)

    def check(self, text: str) -> Checked:
        """Return what is known of the statements of a text; it is kept nowhere."""
        assert self.models.checker is not None
        config = self.config()
        with self._lock:
            if self._checker is None or self._checker[0] != config:
                self._checker = config, self.models.checker(self.home, config)
            checker = self._checker[1]
        return checker.check(text)


@contextmanager
def plain_words(asked: str = "parameters") -> Iterator[None]:
    """Turn the errors of the readers into problems; `asked` is the kind where nothing can be looked for."""
    try:
        yield
    except UnknownError as error:
        # The answer tells neither that a claim is hidden nor who hid it.
        hidden = isinstance(error, HiddenError)
        words = "it is not published" if hidden else str(error).partition(":")[0]
        raise Problem("unknown", _sentence(words)) from error
    except StaleCursor as error:
        raise Problem("cursor", _sentence(str(error))) from error
    except CursorError as error:
        words = _sentence(str(error))
        raise Problem("parameters", words, [Fault(parameter="cursor", detail=words)]) from error
    except LimitError as error:
        raise Problem("too_long", "Narrow the question: it takes longer than is allowed.", wait=10) from error
    except NothingAskedError as error:
        raise Problem(asked, _sentence(str(error))) from error
    except OldCopyError as error:
        words = "The published copy was made by another version of Rumortrail; the next run makes it anew."
        raise Problem("outdated", words, wait=600) from error
    except RumortrailError as error:
        if isinstance(error, DataError) and "nothing is published" in str(error):
            raise Problem("unpublished", "No run has published anything yet.", wait=600) from error
        # The words of an error about a posted text stay out of the log, as the text does.
        cause = "" if asked == "body" else f": {error}"
        _log.warning("an answer of /api/ could not be made: %s%s", type(error).__name__, cause)
        raise Problem("busy", "The server cannot answer now. Its log says why.", wait=60) from error


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
