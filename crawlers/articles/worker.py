"""A process that reads articles for the crawlers (`python -m crawlers.articles.worker`).

A question is one line of JSON and the page's bytes, an answer four bytes of length, its kind and JSON. No
pickle: what reads hostile pages must not be able to run anything where the archive is written. A page that
takes too long ends the process, in the middle of a library's work if need be; the end of standard input ends
it between two pages.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

from pydantic import TypeAdapter

from crawlers.articles.extract import Article, read_article

READ_SECONDS = 10.0
"""Processor seconds that one page may take. An ordinary one takes 0.01, one of 60,000 elements up to nine."""
HEAD = 4
"""Bytes that tell an answer's length."""

_ARTICLE = TypeAdapter(Article)


def question(html: bytes, url: str, encoding: str | None, seconds: float) -> bytes:
    """Return the question to read `html` as `read_article` would, within `seconds` of processor time."""
    message = {"url": url, "encoding": encoding, "length": len(html), "seconds": seconds}
    return json.dumps(message).encode() + b"\n" + html


def article(answer: bytes) -> Article:
    """Return the article in an answer without its head. Raises ValueError with the reader's message."""
    kind, _, message = answer.partition(b"\n")
    if kind == b"none":
        raise ValueError(json.loads(message))
    return _ARTICLE.validate_json(message)


def main() -> None:
    """Answer until no more is asked. A fault of ours ends the process; standard error says which."""
    questions = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    while line := questions.readline():
        message: dict[str, Any] = json.loads(line)
        html = questions.read(message["length"])
        if len(html) < message["length"]:
            return
        # The signal is not caught, so it ends the process whatever that is doing.
        signal.setitimer(signal.ITIMER_PROF, message["seconds"])
        answer = _answer(html, message["url"], message["encoding"])
        signal.setitimer(signal.ITIMER_PROF, 0)
        answers.write(len(answer).to_bytes(HEAD, "big") + answer)
        answers.flush()


def _answer(html: bytes, url: str, encoding: str | None) -> bytes:
    try:
        result = read_article(html, url=url, encoding=encoding)
    except ValueError as error:
        return b"none\n" + json.dumps(str(error)).encode()
    return b"article\n" + _ARTICLE.dump_json(result)


if __name__ == "__main__":
    main()
