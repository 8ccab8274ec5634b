"""`rumortrail ingest PATH`: writes a user's own files to the inbox.

Text and HTML files, folders of them, WARC files, and documents as JSON lines. What cannot be read becomes an
issue that names file and line; everything beside it is kept.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from crawlers.articles.extract import MAX_BYTES, Article, read_article
from crawlers.files.jsonlines import read_fields, read_lines, site
from crawlers.files.saved_page import read_plaintext
from crawlers.files.single_file import HTML
from crawlers.files.warc_reader import Page, read_pages
from crawlers.normalise.encoding import decode
from crawlers.normalise.reader import READER
from crawlers.normalise.validate import document
from crawlers.sources import load_sources
from pipeline.core.config import Config
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.home import Home
from pipeline.core.inbox import InboxWriter
from pipeline.core.inbox_records import InboxDocument, InboxIssue, InboxSource
from pipeline.core.text import shorten
from pipeline.core.vocabulary import ACCOUNT_PLATFORMS, Platform, Role, Severity

Progress = Callable[[str, int, int | None], None]

TEXT = (".txt",)
WARC = (".warc", ".warc.gz")
JSON_LINES = (".jsonl", ".jsonl.gz")
_FLUSH_EVERY = 500
_FILE_SOURCE = InboxSource("file", "local file", Platform.FILE, Role.ANONYMOUS)
_ROLES = {Platform.NEWS: Role.PRESS, Platform.ARXIV: Role.EXPERT, Platform.FILE: Role.ANONYMOUS}
"""The role of a source until `sources.toml` declares it; all others are community."""


@dataclass(frozen=True, slots=True)
class LocalCounts:
    """The inputs: `inputs = done + skipped + failed`. Skipped are repetitions and files of other kinds."""

    inputs: int
    done: int
    skipped: int
    failed: int


def collect(
    paths: Sequence[Path],
    home: Home,
    config: Config,
    *,
    run_id: str,
    now: datetime,
    on_progress: Progress,
) -> LocalCounts:
    """Write the documents in `paths` to `<home>/inbox/<run_id>/local.jsonl.gz`, each seen at `now`.

    Folders are read with everything below them, in the order of their names. Raises ConfigError, before
    anything is written, where a path does not exist or `sources.toml` is faulty.
    """
    if missing := [str(path) for path in paths if not path.exists()]:
        hint = "give text, HTML, WARC or JSON lines files, or folders of them"
        raise ConfigError(f"{', '.join(missing)} does not exist; {hint}")
    sources = load_sources(home.sources_file) if home.sources_file.exists() else []
    declared_ids = {source.id for source in sources}
    with InboxWriter.create(home.inbox, run_id, "local") as writer:
        intake = _Intake(writer, config, now, on_progress, declared_ids)
        for file in _files(paths, intake):
            intake.read(file)
        on_progress("collect", intake.inputs, None)
    return LocalCounts(intake.inputs, intake.done, intake.skipped, intake.failed)


@dataclass(slots=True)
class _Intake:
    """One collection: what was written so far, and what was seen already."""

    writer: InboxWriter
    config: Config
    now: datetime
    on_progress: Progress
    sources: set[str]
    ids: set[bytes] = field(default_factory=set)
    texts: set[bytes] = field(default_factory=set)
    done: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def inputs(self) -> int:
        return self.done + self.skipped + self.failed

    def read(self, file: Path) -> None:
        """Take in one file; damage ends this file only."""
        name = file.name.lower()
        try:
            if name.endswith(JSON_LINES):
                with _opened(file) as stream:
                    self._json_lines(file, stream)
            elif name.endswith(WARC):
                with file.open("rb") as stream:
                    self._warc(file, stream)
            elif name.endswith(HTML):
                self._html(file)
            elif name.endswith(TEXT):
                self._text(file)
            else:
                message = f"not read; {', '.join(TEXT + HTML + WARC + JSON_LINES)} files are"
                self.skip("unknown_file_type", message, str(file), Severity.INFO)
        except (OSError, DataError) as error:
            self.fail("unreadable_file", str(error), str(file))

    def _json_lines(self, file: Path, stream: BinaryIO) -> None:
        limit = 6 * self.config.ingest.max_text + 65_536  # a character may be written \uXXXX
        number = 0
        try:
            for line in read_lines(stream, limit):
                number = line.number
                place = f"{file}:{number}"
                if line.data is None:
                    message = f"a line of {line.length} bytes; at most {limit} are read"
                    self.fail("line_too_long", message, place)
                elif line.data.strip():
                    self._json_line(line.data, place)
        except (OSError, EOFError, zlib.error) as error:
            message = f"damaged after line {number}, the rest is lost: {error}"
            self.fail("unreadable_file", message, f"{file}:{number + 1}")

    def _json_line(self, data: bytes, place: str) -> None:
        try:
            fields = read_fields(data)
        except UnicodeDecodeError as error:
            message = f"byte {error.start + 1} of the line is not UTF-8 ({data[error.start]:#04x})"
            self.fail("invalid_utf8", message, place)
        except ValueError as error:
            self.fail("malformed_line", str(error), place)
        else:
            self._document(place, fields)

    def _warc(self, file: Path, stream: BinaryIO) -> None:
        for page in read_pages(stream, MAX_BYTES):
            self._page(page, f"{file}:{page.number}", f"{file.name}#{page.record_id}")

    def _page(self, page: Page, place: str, warc: str) -> None:
        try:
            article = read_article(page.body, url=page.url, encoding=page.encoding)
        except ValueError as error:
            self.fail("unreadable_page", str(error), place)
            return
        origin = {"url": article.url, "platform": Platform.NEWS, "source": site(article.url), "warc": warc}
        fields = _fields(article) | origin | {"sha256": hashlib.sha256(page.body).hexdigest()}
        self._document(place, fields)

    def _html(self, file: Path) -> None:
        place = str(file)
        data = _bounded(file, MAX_BYTES)
        try:
            article = read_article(data, url=file.resolve().as_uri())
        except ValueError as error:
            self.fail("unreadable_page", str(error), place)
            return
        source = site(article.url)
        fields = _fields(article) | self._of_file(file, data) | ({"source": source} if source else {})
        self._document(place, fields, allow_file=True)

    def _text(self, file: Path) -> None:
        place = str(file)
        data = _bounded(file, 4 * self.config.ingest.max_text)
        decoded = decode(data)
        if "\0" in decoded.text:
            self.fail("no_text", "the file holds NUL characters, so it is not text", place)
            return
        if decoded.lossy:
            line = decoded.text[: decoded.text.index("\ufffd")].count("\n") + 1
            message = f"read as {decoded.encoding}; bytes that do not fit became U+FFFD"
            self.issue("invalid_text", message, f"{place}:{line}", Severity.WARNING)
        elif decoded.encoding != "utf-8":
            self.issue("encoding_guessed", f"not UTF-8: read as {decoded.encoding}", place, Severity.WARNING)
        page = read_plaintext(decoded.text)
        fields = {"title": page.title, "text": page.text} | self._of_file(file, data)
        self._document(place, fields, allow_file=True)

    def _of_file(self, file: Path, data: bytes) -> dict[str, Any]:
        origin = {"url": file.resolve().as_uri(), "platform": Platform.FILE, "source": _FILE_SOURCE.source}
        return origin | {"sha256": hashlib.sha256(data).hexdigest()}

    def _document(self, place: str, fields: dict[str, Any], *, allow_file: bool = False) -> None:
        def undated(words: str) -> None:
            self.issue("unreadable_date", words, place, Severity.WARNING)

        try:
            limit = self.config.ingest.max_text
            record = document(**fields, seen_at=self.now, max_text=limit, allow_file=allow_file,
                              undated=undated)
        except ValueError as error:
            self.fail("invalid_document", str(error), place)
            return
        record = replace(record, reader=READER)
        if twin := self._twin(record):
            self.skip("duplicate", f"the same {twin} came before in this input", place, Severity.WARNING)
            return
        self._source(record)
        self.writer.write(record)
        self.done += 1
        self._tick()

    def _twin(self, record: InboxDocument) -> str | None:
        """Return what an earlier document shares with `record`; only hashes are kept, to save memory."""
        text_hash = _hash(record.url or record.id or "", record.title or "", record.text)
        id_hashes = {_hash(record.id)} if record.id else set[bytes]()
        twin = "id" if id_hashes & self.ids else "url and text" if text_hash in self.texts else None
        self.ids |= id_hashes
        self.texts.add(text_hash)
        return twin

    def _source(self, record: InboxDocument) -> None:
        """Declare the document's source once, unless `sources.toml` declares it or it is an account."""
        if record.source in self.sources:
            return
        self.sources.add(record.source)
        if record.source == _FILE_SOURCE.source:
            self.writer.write(_FILE_SOURCE)
        elif not (record.author and record.platform in ACCOUNT_PLATFORMS):
            platform = Platform.NEWS if record.platform is Platform.FILE else record.platform
            by_author = record.author and record.source == f"{platform}:{record.author}"
            name, role = (record.author if by_author else record.source), _ROLES.get(platform, Role.COMMUNITY)
            self.writer.write(InboxSource(record.source, name or record.source, platform, role))

    def issue(self, code: str, message: str, place: str, severity: Severity) -> None:
        """Record what went wrong at `place`."""
        self.writer.write(InboxIssue(None, code, shorten(message, 1000), severity, self.now, place))

    def skip(self, code: str, message: str, place: str, severity: Severity) -> None:
        """Record an input that is left out and lost nothing."""
        self.issue(code, message, place, severity)
        self.skipped += 1
        self._tick()

    def fail(self, code: str, message: str, place: str) -> None:
        """Record an input that is lost."""
        self.issue(code, message, place, Severity.ERROR)
        self.failed += 1
        self._tick()

    def _tick(self) -> None:
        if self.inputs % _FLUSH_EVERY == 0:
            self.writer.flush()
            self.on_progress("collect", self.inputs, None)


def _fields(article: Article) -> dict[str, Any]:
    names = ("title", "text", "author", "published_at", "language", "links")
    fields = {name: getattr(article, name) for name in names}
    if article.published_at:
        fields["published_precision"] = article.published_precision
        fields["published_from"] = article.published_from
    return fields


def _files(paths: Sequence[Path], intake: _Intake) -> Iterator[Path]:
    """Yield the files to read, each once. Hidden files are left out, and links that lead out of their folder.
    """
    seen_files: set[Path] = set()
    for path in paths:
        for file in _below(path, intake) if path.is_dir() else (path,):
            resolved = file.resolve()
            if resolved not in seen_files:
                seen_files.add(resolved)
                yield file


def _below(folder: Path, intake: _Intake) -> Iterator[Path]:
    root = folder.resolve()

    def unreadable(error: OSError) -> None:
        intake.fail("unreadable_file", f"{error.strerror}", str(error.filename))

    for directory, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            file = Path(directory, name)
            if name.startswith("."):
                continue
            if file.is_symlink() and not file.resolve().is_relative_to(root):
                message = "a link that leads out of the folder is not followed"
                intake.skip("link_outward", message, str(file), Severity.WARNING)
            elif file.is_file():
                yield file
            else:
                intake.skip("unknown_file_type", "not a plain file", str(file), Severity.INFO)


def _opened(file: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(file, "rb")) if file.suffix == ".gz" else file.open("rb")


def _bounded(file: Path, limit: int) -> bytes:
    """Return the file's bytes. Raises DataError where there are more than `limit`."""
    with file.open("rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise DataError(f"{file.stat().st_size} bytes; at most {limit} are read")
    return data


def _hash(*parts: str) -> bytes:
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()
