"""The files that a killed writer leaves, read with nothing but Python's gzip."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta, timezone
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.inbox import InboxWriter, create_new, encode
from pipeline.core.inbox_records import (
    InboxCrawl,
    InboxDocument,
    InboxGone,
    InboxIssue,
    InboxLink,
    InboxSource,
)
from pipeline.core.vocabulary import DateOrigin, LinkKind, Outcome, Platform, Precision, Role, Severity
from tests.crawlers.conftest import inbox_lines

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)


def note(text: str) -> InboxIssue:
    return InboxIssue("s", "code", text, Severity.INFO, NOW)


def test_nothing_that_utf8_does_not_know_leaves_the_writer() -> None:
    line = encode(note("an \ud800 half and a \ud83d\ude00 pair"))
    assert b"\\ud" not in line
    assert json.loads(line.decode("utf-8"))["message"] == "an \ufffd half and a \U0001f600 pair"


def test_every_record_as_a_line(tmp_path: Path) -> None:
    document = InboxDocument(
        url="https://a.example/1",
        platform=Platform.NEWS,
        source="s",
        text="Größe: “70B”",
        seen_at=NOW.astimezone(timezone(timedelta(hours=2))),
        published_at=NOW,
        published_precision=Precision.DAY,
        published_from=DateOrigin.FEED,
        links=(InboxLink("https://b.example/", LinkKind.QUOTE, "words"),),
    )
    with InboxWriter.create(tmp_path, "run", "s") as writer:
        writer.write(InboxSource("s", "S", Platform.NEWS, Role.PRESS))
        writer.write(document)
        writer.write(InboxGone("https://a.example/1", "s", NOW, "HTTP 410", last_present_at=NOW))
        writer.write(note("x"))
        writer.write(InboxCrawl("s", NOW, NOW, Outcome.OK, 1, 2))
    lines = inbox_lines(tmp_path / "run")
    assert [line["type"] for line in lines] == ["source", "document", "gone", "issue", "crawl"]
    assert lines[1]["seen_at"] == lines[1]["published_at"] == "2026-03-02T03:00:00Z"
    assert lines[1]["links"] == [{"url": "https://b.example/", "kind": "quote", "words": "words"}]
    assert (lines[1]["text"], lines[1]["published_precision"], lines[1]["artefact"]) == (
        "Größe: “70B”",
        "day",
        False,
    )


def test_a_lone_surrogate_breaks_no_line() -> None:
    line = encode(note("half \ud83d a character\nand a new line"))
    assert line.count(b"\n") == 1
    assert json.loads(line)["message"] == "half \ufffd a character\nand a new line"


def test_what_is_flushed_is_readable_before_the_file_is_closed(tmp_path: Path) -> None:
    writer = InboxWriter.create(tmp_path, "run", "s")
    writer.write(note("one"))
    assert inbox_lines(tmp_path / "run") == []
    writer.flush()
    writer.write(note("two"))
    assert [line["message"] for line in inbox_lines(tmp_path / "run")] == ["one"]
    writer.close()
    assert [line["message"] for line in inbox_lines(tmp_path / "run")] == ["one", "two"]


def test_a_cut_anywhere_loses_only_the_member_that_it_is_in(tmp_path: Path) -> None:
    with InboxWriter.create(tmp_path, "run", "s") as writer:
        member_ends = []
        for number in range(4):
            writer.write(note(f"{number}"))
            writer.flush()
            member_ends.append(writer.path.stat().st_size)
    whole_file = writer.path.read_bytes()
    cut_file = tmp_path / "cut" / "s.jsonl.gz"
    cut_file.parent.mkdir()
    for size in range(len(whole_file) + 1):
        cut_file.write_bytes(whole_file[:size])
        messages = [line["message"] for line in inbox_lines(cut_file.parent)]
        safe_messages = [f"{number}" for number, end in enumerate(member_ends) if end <= size]
        assert messages[: len(safe_messages)] == safe_messages
        assert messages == [f"{number}" for number in range(len(messages))]


def test_no_file_is_opened_twice(tmp_path: Path) -> None:
    names = []
    for text in ("one", "two", "three"):
        with InboxWriter.create(tmp_path, "run", "s") as writer:
            writer.write(note(text))
        names.append(writer.path.name)
    assert names == ["s.jsonl.gz", "s.2.jsonl.gz", "s.3.jsonl.gz"]
    assert sorted(line["message"] for line in inbox_lines(tmp_path / "run")) == ["one", "three", "two"]


def test_create_new_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(b"precious")
    file, path = create_new(tmp_path, "a", ".gz")
    file.close()
    assert path.name == "a.2.gz"
    assert (tmp_path / "a.gz").read_bytes() == b"precious"


class FullDisk(FileIO):
    """Takes half of what is written once `full`, and then says that there is no space."""

    full = False

    def write(self, data: Any) -> int:
        if not self.full:
            return super().write(data)
        if len(data) < 20:
            raise OSError(errno.ENOSPC, "no space")
        return super().write(data[: len(data) // 2])


def test_a_disk_that_was_full_leaves_nothing_behind_which_hides_what_follows(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    file = FullDisk(tmp_path / "run" / "s.jsonl.gz", "xb")
    writer = InboxWriter(file, tmp_path / "run" / "s.jsonl.gz")
    writer.write(note("one"))
    writer.flush()
    file.full = True
    writer.write(note("two"))
    with pytest.raises(OSError, match="no space"):
        writer.flush()
    assert [line["message"] for line in inbox_lines(tmp_path / "run")] == ["one"]
    file.full = False
    writer.write(note("three"))
    writer.close()
    assert [line["message"] for line in inbox_lines(tmp_path / "run")] == ["one", "two", "three"]


_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pipeline.core.inbox import InboxWriter
from pipeline.core.inbox_records import InboxIssue
from pipeline.core.vocabulary import Severity
writer, number = InboxWriter.create(Path(sys.argv[1]), "run", "s"), 0
while True:
    writer.write(InboxIssue("s", "code", str(number), Severity.INFO, datetime(2026, 3, 2, tzinfo=UTC)))
    writer.flush()
    print(number, flush=True)
    number += 1
"""


@pytest.mark.parametrize("pause", [0.0, 0.05])
def test_a_killed_writer_keeps_every_line_that_it_flushed(tmp_path: Path, pause: float) -> None:
    process = subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(pause)
    os.kill(process.pid, 9)
    flushed = [0, *(int(line) for line in process.stdout.read().split(b"\n") if line.strip())]
    process.wait()
    process.stdout.close()
    messages = [int(line["message"]) for line in inbox_lines(tmp_path / "run")]
    assert messages[: flushed[-1] + 1] == list(range(flushed[-1] + 1))
