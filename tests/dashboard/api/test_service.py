"""The errors of the readers as problems: whose mistake it is, and what to do."""

from __future__ import annotations

import pytest

from dashboard.api.problems import TITLES, Problem
from dashboard.api.service import plain_words
from pipeline.core.errors import BusyError, DataError, ModelError, NothingAskedError, OldCopyError


@pytest.mark.parametrize(
    ("error", "kind", "status"),
    [
        (OldCopyError("the copy lacks a column"), "outdated", 503),
        (BusyError("other texts are being checked"), "busy", 503),
        (DataError("published.duckdb is not a published copy"), "busy", 503),
        (ModelError("the weights are damaged"), "busy", 503),
        (DataError("nothing is published at /home"), "unpublished", 503),
        (NothingAskedError("there is no word in it to search for"), "parameters", 400),
    ],
)
def test_only_what_the_client_asked_is_its_mistake(error: Exception, kind: str, status: int) -> None:
    with pytest.raises(Problem) as told, plain_words():
        raise error
    assert (told.value.kind, TITLES[told.value.kind][0]) == (kind, status)
    assert status == 400 or (str(error) not in told.value.detail and told.value.wait)


def test_a_text_with_nothing_in_it_is_told_as_a_text() -> None:
    with pytest.raises(Problem) as told, plain_words("body"):
        raise NothingAskedError("there is nothing to check")
    assert (told.value.kind, told.value.detail) == ("body", "There is nothing to check.")
