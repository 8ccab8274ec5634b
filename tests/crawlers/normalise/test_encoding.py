"""Bytes to text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.normalise.encoding import decode


@pytest.mark.parametrize(
    ("data", "declared", "html", "text", "encoding"),
    [
        ("naïve".encode(), None, False, "naïve", "utf-8"),
        ("naïve".encode(), "windows-874", False, "naïve", "utf-8"),
        ("\ufeffnaïve".encode(), None, False, "naïve", "utf-8"),
        ("naïve".encode("utf-16"), None, False, "naïve", "utf-16-le"),
        ("naïve".encode("latin-1"), "ISO-8859-1", False, "naïve", "cp1252"),
        ("‘x’ – €".encode("cp1252"), "iso-8859-1", False, "‘x’ – €", "cp1252"),
        (
            b'<meta charset="koi8-r">' + "мир".encode("koi8-r"), None, True, '<meta charset="koi8-r">мир',
            "koi8-r",
        ),
        ("日本".encode("iso-2022-jp"), "iso-2022-jp", False, "日本", "iso2022_jp"),
        (b"plain", "no-such-encoding", False, "plain", "utf-8"),
        (b"", None, False, "", "utf-8"),
    ],
)
def test_golden(data: bytes, declared: str | None, html: bool, text: str, encoding: str) -> None:
    decoded = decode(data, declared, html=html)
    assert (decoded.text, decoded.encoding.replace("_", "-"), decoded.lossy) == (
        text, encoding.replace("_", "-"), False,
    )


def test_one_damaged_byte_does_not_change_the_encoding() -> None:
    decoded = decode("“It’s” — true".encode() + b"\xff")
    assert (decoded.text, decoded.encoding, decoded.lossy) == ("“It’s” — true\ufffd", "utf-8", True)


def test_undeclared_text_is_guessed() -> None:
    text = (
        "Die Größe des Modells ist nicht bekannt, schreibt die Behörde, und über den Preis wird später "
        "geredet. "
        * 3
    )
    assert decode(text.encode("cp1252")).text == text


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "cp874", "utf-16", "x"]))
def test_never_fails(data: bytes, declared: str | None) -> None:
    assert isinstance(decode(data, declared, html=True).text, str)
