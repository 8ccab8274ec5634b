"""Bytes to text: what the sender declares, unless the bytes are plainly UTF-8, else a look at the bytes."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes
from charset_normalizer.constant import IANA_SUPPORTED
from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

_SAMPLE = 100_000
_OF_TEXTS = frozenset(codecs.lookup(name).name.replace("-", "_") for name in (*IANA_SUPPORTED, "utf_8_sig"))


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was read in, and whether characters were lost (they are U+FFFD)."""

    text: str
    encoding: str
    lossy: bool


def decode(data: bytes, declared: str | None = None, *, html: bool = False) -> Decoded:
    """Return `data` as text, by the first that fits: byte order mark, UTF-8, a declaration, a guess.

    Declarations are `declared` and, in `html`, the text's own. UTF-8 goes before them because a text of
    another encoding hardly ever happens to be valid UTF-8, while a page that is declared wrongly is common.
    Never raises: what fits nothing is read as Windows-1252.
    """
    encoding, mark = read_bom(data)
    if encoding and mark:
        return _forced(data[len(mark) :], encoding)
    declared_inside = html_body_declared_encoding(data[:4096]) if html else None
    candidates = (declared and resolve_encoding(declared), declared_inside)
    names = [name for name in candidates if name and _is_of_texts(name)]
    # ISO-2022 texts are ASCII bytes with escapes: valid UTF-8, and not meant as such.
    seven_bit = b"\x1b" in data
    for name in [*names, "utf-8"] if seven_bit else ["utf-8", *names]:
        decoded = _strict(data, name) or (_mostly_utf8(data) if name == "utf-8" else None)
        if decoded:
            return decoded
    if names:
        return _forced(data, names[0])
    guess = from_bytes(data[:_SAMPLE]).best()
    return _forced(data, guess.encoding if guess else "cp1252")


def _is_of_texts(encoding: str) -> bool:
    """Return whether texts are written in an encoding; Python also calls "hex" and "punycode" one."""
    try:
        return codecs.lookup(encoding).name.replace("-", "_") in _OF_TEXTS
    except LookupError:
        return False


def _strict(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding, lossy=False)
    except UnicodeDecodeError:
        return None


def _mostly_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with a few damaged bytes: for each of these, more than three that follow in a whole character."""
    text = data.decode("utf-8", "replace")
    return Decoded(text, "utf-8", lossy=True) if len(data) - len(text) > 3 * text.count("\ufffd") else None


def _forced(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return Decoded(text, codecs.lookup(encoding).name, lossy="\ufffd" in text)
