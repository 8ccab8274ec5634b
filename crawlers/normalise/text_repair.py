"""Text as its writer meant it: mojibake undone, control characters removed, everything else as it came.

Quotes are cut from the stored text by offset, so nothing that is right is touched: no quote is straightened,
no ligature undone, no character normalised.
"""

from __future__ import annotations

import re

from ftfy import TextFixerConfig, fix_encoding_and_explain

from crawlers.normalise.mojibake import unscramble

_WHOLE_LINES = TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    replace_lossy_sequences=False,
    decode_inconsistent_utf8=False,
    fix_c1_controls=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
)
_FTFY_ALONE = {"macroman", "cp437", "iso-8859-2"}
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\v\f]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_C1_CONTROL = re.compile("[\x80-\x9f]")
_C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_ROUNDS = 6
_ALONE = re.compile(r"(?<![^\x00-\x7f])(?<![^\x00-\x7f] )[^\x00-\x7f](?![^\x00-\x7f ])")
"""A lone character beyond ASCII: no other beside it, not even past a space, which may have been a byte A0."""


def repair(text: str) -> str:
    """Return `text` with mojibake undone, line ends as newlines, and without controls and lone surrogates.

    A passage changes only where it is UTF-8 that was read as a single-byte code page
    (`crawlers.normalise.mojibake`), also when that happened several times over. A C1 control that remains is
    read as Windows-1252, as HTML does; a lone surrogate becomes U+FFFD.
    """
    if text.isascii():
        return _plain(text)
    text = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    text = _LONE.sub("\ufffd", text)
    for _ in range(_ROUNDS):
        clean = _plain(_named(_decoded(text)).lstrip("\ufeff"))
        if clean == text:
            break
        text = clean
    return text


def _decoded(text: str) -> str:
    """Undo all mojibake; controls stay until then, since they are bytes of what was scrambled twice."""
    for _ in range(_ROUNDS):
        better = _by_line(unscramble(text))
        if better == text:
            break
        text = better
    return text


def _named(text: str) -> str:
    return text.translate(_C1) if _C1_CONTROL.search(text) else text


def _plain(text: str) -> str:
    return _CONTROL.sub("", _LINE_END.sub("\n", text))


def _by_line(text: str) -> str:
    """Let ftfy repair lines that are mojibake as a whole, in the code pages that only it knows."""
    return "\n".join(line if line.isascii() else _line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    # UTF-8 needs two bytes at least for what is not ASCII, and ftfy reads a line as a whole or not at all: a
    # curly apostrophe inside a word spares the far dearer look at everything else.
    if _ALONE.search(line):
        return line
    fixed, steps = fix_encoding_and_explain(line, _WHOLE_LINES)
    return fixed if any(action == "encode" and page in _FTFY_ALONE for action, page in steps or ()) else line
