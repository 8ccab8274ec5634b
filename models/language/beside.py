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
"""Processor seconds for the texts that a process reads together. The longest text takes about 20."""
MOST = 8
"""Processes at most, about 300 MB each, however many cores there are."""
SMALL = 60_000
"""Up to so many characters are read in this process: that takes about as long as starting another one."""
TOGETHER = 30_000
"""Characters that a process is asked to read at a time."""

_KEPT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
"""Environment variables that a process gets. It reads hostile texts, so it gets no token."""


class ReadingBroken(Exception):
    """Raised where the model breaks in another process; the message says how."""


@dataclass(frozen=True, slots=True)
class Question:
    """Texts for a process to read within `seconds` of processor time."""

    texts: list[DocumentText]
    seconds: float


QUESTION = TypeAdapter(Question)
ANSWER = TypeAdapter(list[Reading] | str)
"""A reading of each text, or a message that says what broke the model."""


class BesideLanguage:
    """The language model of `models.protocols.language.Language`, which reads in up to `most` processes.

    `most` is the number of cores, at most MOST, unless given. The processes end with this object; if this
    process is killed, they end after their last texts.
    """

    def __init__(self, language: SpacyLanguage, pipeline: str, gazetteer: str = "", *,
                 seconds: float = READ_SECONDS, most: int | None = None, small: int | None = None) -> None:
        self._language = language
        # -P: load no module from the folder that the run was started in.
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
        documents = list(texts)
        if sum(map(length, documents)) <= (SMALL if self._small is None else self._small):
            yield from self._language.read(documents)
            return
        futures = [self._threads.submit(self._read, batch) for batch in together(documents)]
        try:
            for future in futures:
                yield from future.result()
        finally:
            for future in futures:
                future.cancel()

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._most)

    def _read(self, texts: Sequence[DocumentText], tries: int = 2) -> list[Reading | None]:
        process = self._free()
        answer_line = _ask(process, QUESTION.dump_json(Question(list(texts), self._seconds)))
        if answer_line:
            self._idle.put(process)
            answer = ANSWER.validate_json(answer_line)
            if isinstance(answer, str):
                raise ReadingBroken(answer)
            return list(answer)
        exit_code = _end(process)
        if exit_code == -signal.SIGPROF:
            return (
                [None] if len(texts) == 1 else [reading for text in texts for reading in self._read([text])]
            )
        if exit_code < 0 and tries > 1:  # killed by somebody, or for memory
            return self._read(texts, tries - 1)
        was_killed = f"was ended (code {exit_code}), perhaps for lack of memory"
        how = was_killed if exit_code < 0 else f"ended with code {exit_code}"
        raise ReadingBroken(f"Reading stopped: the process that reads texts {how}")

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
    """Return the process's answer, a line; b"" where the process ended."""
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
    batch: list[DocumentText] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += length(text)
        if size >= TOGETHER:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def length(text: DocumentText) -> int:
    """Return how many characters are read of a text."""
    return len(text.text) + len(text.title or "") + len(text.parent or "")
