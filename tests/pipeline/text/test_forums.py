"""Who is an author: a name, and not what sites write where they know of none."""

from __future__ import annotations

import pytest

from pipeline.text.forums import is_name


@pytest.mark.parametrize("author", [
    "Jane Doe (https://x.example/jane)", "https://x.example/jane Jane Doe", "Jane <https://x.example/jane>",
    "user://name here", "小明", "ann@far.example",
])
def test_a_name_is_one_whatever_link_stands_beside_it(author: str) -> None:
    assert is_name(author)


@pytest.mark.parametrize("author", [
    None, "", " ", "Guest", "u/[deleted]", "https://paper.example/rss.xml",
    " HTTP://paper.example/?feed=1 \n", "feed://paper.example/rss", "https://",
])
def test_what_stands_for_nobody_is_no_name(author: str | None) -> None:
    assert not is_name(author)
