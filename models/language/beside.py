"""Read texts in processes beside this one: on every core, and each within a bound of processor time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import weakref
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from queue import Empty, SimpleQueue

from pydantic import TypeAdapter

from models.language.extractor import SpacyLanguage
from models.onnx import session
from models.protocols.language import DocumentText, KnownName, Reading, Statement

READ_SECONDS = 60.0
"""Processor seconds that one text may take, and what is read together with it. The longest text that is read
takes about 20."""
MOST = 8
"""Processes at most, about 300 MB each, however many cores there are."""
SMALL = 60_000
"""Characters of texts that are read on the spot: that takes about as long as a process takes to begin."""
TOGETHER = 30_000
"""Characters that a process is asked to read at a time."""

_KEPT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
"""The environment that a process gets. It reads hostile texts, so it holds no token."""


class ReadingBroken(Exception):
    """What broke the model, in another process."""


@dataclass(frozen=True, slots=True)
class Question:
    """Texts for a process to read within `seconds` of processor time."""

    texts: list[DocumentText]
    seconds: float


QUESTION = TypeAdapter(Question)
ANSWER = TypeAdapter(list[Reading] | str)
"""A reading of each text, or what broke the model."""


class BesideLanguage:
    """The language model of `models.protocols.language.Language`, which reads in up to `most` processes.

    There are as many as cores, and MOST at most, unless told. They end with this object; where this process
    is killed, when they have read what they were asked.
    """

    def __init__(self, language: SpacyLanguage, pipeline: str, gazetteer: str = "", *,
                 seconds: float = READ_SECONDS, most: int | None = None, small: int | None = None) -> None:
        self._language = language
        # -P: where the run was started from is no place to load a module from.
        self._command = [sys.executable, "-P", "-m", "models.language.worker", pipeline, gazetteer]
        self._seconds = seconds
        self._small = small
        self._most = most or min(MOST, session.cores())
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()

    @property
    def name(self) -> str:
        """Return the versions of rules, parser and gazetteer as one name."""
        return self._language.name

    def language_of(self, passage: DocumentText) -> str:
        """Return the two-letter code of the language that a passage is written in."""
        return self._language.language_of(passage)

    def known(self, names: Iterable[str]) -> Iterator[KnownName]:
        """Yield what the gazetteer knows of each name."""
        return self._language.known(names)

    def statement(self, sentence: str, when: datetime | None) -> Statement:
        """Return what a sentence is about."""
        return self._language.statement(sentence, when)

    def read(self, texts: Iterable[DocumentText]) -> Iterator[Reading | None]:
        """Yield the reading of each text; None for one that takes more than its processor time.

        Texts of `small` characters together are read here, without a bound. Raises ReadingBroken where a
        text breaks the model, or ends two processes.
        """
        given = list(texts)
        if sum(map(length, given)) <= (SMALL if self._small is None else self._small):
            yield from self._language.read(given)
            return
        parts = [self._threads.submit(self._read, part) for part in together(given)]
        try:
            for part in parts:
                yield from part.result()
        finally:
            for part in parts:
                part.cancel()

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._most)

    def _read(self, texts: Sequence[DocumentText], tries: int = 2) -> list[Reading | None]:
        process = self._free()
        told = _ask(process, QUESTION.dump_json(Question(list(texts), self._seconds)))
        if told:
            self._idle.put(process)
            answer = ANSWER.validate_json(told)
            if isinstance(answer, str):
                raise ReadingBroken(answer)
            return list(answer)
        ended = _end(process)
        if ended == -signal.SIGPROF:
            return [None] if len(texts) == 1 else [one for text in texts for one in self._read([text])]
        if ended < 0 and tries > 1:  # killed by somebody, or for memory
            return self._read(texts, tries - 1)
        raise ReadingBroken(f"the process that reads texts ended with code {ended}")

    def _free(self) -> subprocess.Popen[bytes]:
        """Return a process that has nothing to do and was not killed meanwhile, or a new one."""
        with suppress(Empty):
            while True:
                process = self._idle.get_nowait()
                if process.poll() is None:
                    return process
                _end(process)
        # Several processes share the cores; each needs one.
        environment = {name: value for name, value in os.environ.items() if name in _KEPT}
        environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   env=environment)
        weakref.finalize(self, _end, process, kill=True)
        return process


def _ask(process: subprocess.Popen[bytes], question: bytes) -> bytes:
    """Return the process's answer, one line; nothing where it ended."""
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(question + b"\n")
        process.stdin.flush()
        answer = process.stdout.readline()
    except OSError:
        return b""
    return answer if answer.endswith(b"\n") else b""


def _end(process: subprocess.Popen[bytes], *, kill: bool = False) -> int:
    """Close a process that ended, or kill it; return how it ended."""
    if kill:
        process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    return process.wait()


def together(texts: Sequence[DocumentText]) -> Iterator[list[DocumentText]]:
    """Yield the texts in order, as many at a time as have about TOGETHER characters."""
    some: list[DocumentText] = []
    size = 0
    for text in texts:
        some.append(text)
        size += length(text)
        if size >= TOGETHER:
            yield some
            some, size = [], 0
    if some:
        yield some


def length(text: DocumentText) -> int:
    """Return how many characters are read of a text."""
    return len(text.text) + len(text.title or "") + len(text.parent or "")
