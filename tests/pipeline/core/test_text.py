"""Cutting text."""

from __future__ import annotations

import pytest

from pipeline.core.text import counted, enumerated, one_line, printable, shorten


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("abcd efg", 6, "abcd…"),
        ("", 1, ""),
        ("ab", 1, "…"),
    ],
)
def test_what_is_cut_says_so_and_keeps_to_its_limit(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


def test_one_line_has_no_breaks() -> None:
    assert one_line(" a\n\tb\u2028c \r\n") == "a b c"
    assert one_line("a\n" * 9, 6) == "a a a…"
    assert one_line(None) == "" and one_line(ValueError("a\nb")) == "a b"


def test_nothing_moves_the_cursor() -> None:
    assert printable("a\x1b[2Jb\u202ec\nd") == "a�[2Jb�c�d"
    assert printable("a\nb", keep="\n") == "a\nb"


def test_a_noun_agrees_with_its_number() -> None:
    assert [counted(n, "voice") for n in (0, 1, 1204)] == ["0 voices", "1 voice", "1,204 voices"]
    assert counted(2, "entry", "entries") == "2 entries"


def test_words_are_listed_as_in_a_sentence() -> None:
    lists = [enumerated(["Aurel", "Corvid", "Lumen"][:number]) for number in range(4)]
    assert lists == ["", "Aurel", "Aurel and Corvid", "Aurel, Corvid and Lumen"]
    assert enumerated(["Aurel", "Corvid"], "or") == "Aurel or Corvid"
