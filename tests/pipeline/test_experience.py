"""Which words tell of users' own use, and whose voice that is."""

from __future__ import annotations

import pytest

from pipeline.experience import own_use


@pytest.mark.parametrize(
    "quote",
    [
        "Many users report that Aster 4 stalls on long files.",
        "Several commenters highlight issues with Aster 4, noting that it rewrites files.",
        "Some share their experiences with Aster 4, which rewrites files.",
    ],
)
def test_users_tell_of_their_own_use(quote: str) -> None:
    assert own_use(quote)


@pytest.mark.parametrize(
    "quote",
    ["Users claim that Aster 4 stalls.", "Many think Aster 4 is slow.", "Some predict that Aster 4 will stall.", "The report says that Aster 4 stalls."],
)
def test_opinion_and_guessing_are_no_use(quote: str) -> None:
    assert not own_use(quote)
