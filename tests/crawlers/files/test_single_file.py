"""One file of a user, read as a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawlers.articles.extract import MAX_BYTES
from crawlers.files.single_file import read_file
from pipeline.core.errors import SourceError


def test_a_text_is_read_without_what_stands_around_it(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("Basalt 4 isn’t out.".encode().decode("cp1252").encode())
    page = read_file(file)
    assert page.text == "Basalt 4 isn’t out." and page.url == file.as_uri()


def test_a_saved_page_is_an_article(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    body = "<p>Basalt 4 has 95 billion parameters, two people told the Courier on Sunday evening.</p>"
    file.write_text(f"<html><head><title>Large</title></head><body><h1>Large</h1>{body}</body>", "utf-8")
    assert read_file(file).title == "Large"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.pdf", b"%PDF-1.4", "is a PDF"),
        ("a.txt", b"a\0b", "is not a text file"),
        ("a.html", b"<html></html>", "cannot be read"),
        ("a.txt", b"a" * (MAX_BYTES + 1), "is larger than"),
    ],
    ids=["pdf", "binary", "empty", "large"],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=words):
        read_file(tmp_path / name)
    with pytest.raises(SourceError, match="cannot be read"):
        read_file(tmp_path)
