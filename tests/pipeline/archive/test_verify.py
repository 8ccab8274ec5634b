"""Verifying: a whole home is all well, and each damage is named."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest.mock import ANY

import pytest

from pipeline.archive.chain import FILE, seal
from pipeline.archive.seals import make_seal, timestamps, write_seal
from pipeline.archive.verify import verify
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.home import Home
from pipeline.core.records import stable_id
from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.journal import Journal
from pipeline.decisions.sync import copy_journal
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.authority import running
from tests.conftest import Command, InboxWriter
from tests.worlds.kept import FIRST, PAGE, SECOND, two_nights


def test_all_well(kept: RunContext) -> None:
    steps: list[tuple[str, int, int | None]] = []
    report = verify(kept.home, Config(), progress=lambda *step: steps.append(step))
    assert (report.damages, report.notes) == ([], [])
    assert (report.archives, report.records, report.versions, report.roots, report.stamps) == (2, 4, 3, 2, 0)
    assert steps == [("archives", 0, 2), ("archives", 1, 2), ("archives", 2, 2)]


def test_an_empty_home_is_all_well(home: Home) -> None:
    report = verify(home, Config())
    assert report.damages == []
    assert report.notes == ["nothing is published: no version was compared"]


def _archive(home: Home) -> Path:
    return home.archive / f"{FIRST}.warc.gz"


def _flip(home: Home) -> None:
    data = bytearray(_archive(home).read_bytes())
    data[40] ^= 0xFF
    _archive(home).write_bytes(data)


def _other_page(home: Home) -> None:
    """Rewrite the archive with another text and matching lengths."""
    text = gzip.decompress(_archive(home).read_bytes()).replace(b"has 70b", b"has 90b")
    first, separator, remainder = text.partition(b"\r\n\r\nWARC/1.1")
    _archive(home).write_bytes(gzip.compress(first + b"\r\n\r\n") + gzip.compress(separator[4:] + remainder))


def _cut(home: Home) -> None:
    _archive(home).write_bytes(_archive(home).read_bytes()[:-9])


def _longer(home: Home) -> None:
    _archive(home).write_bytes(_archive(home).read_bytes() + b"more")


def _root(home: Home) -> None:
    seal = home.archive / f"{FIRST}.merkle.json"
    values = json.loads(seal.read_text())
    seal.write_text(json.dumps(values | {"root": "0" * 64}))


def _swapped(home: Home) -> None:
    (home.archive / f"{FIRST}.merkle.json").write_bytes((home.archive / f"{SECOND}.merkle.json").read_bytes())


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_flip, ["record 1 at byte 0 is not what was sealed", "warcio cannot read", "its record"]),
        (_other_page, ["is not what was sealed", "payload digest failed", "its SHA-256 is"]),
        (_cut, ["record 2", "was sealed with"]),
        (_longer, ["was sealed with"]),
        (_root, ["the Merkle root is not that of its records"]),
        (_swapped, [f"is of {SECOND}.warc.gz"]),
        (
            lambda home: _archive(home).unlink(),
            [f"{FIRST}.warc.gz is missing; {FIRST}.merkle.json", "2 versions"],
        ),
        (
            lambda home: (home.archive / f"{FIRST}.merkle.json").write_bytes(b"{"),
            ["cannot be read as a seal"],
        ),
        (lambda home: (home.archive / f"{FIRST}.tsr").write_bytes(b"{"), ["no time stamp can be read"]),
    ],
)
def test_damage_is_named(kept: RunContext, harm: Callable[[Home], object], words: list[str]) -> None:
    harm(kept.home)
    report = verify(kept.home, Config())
    damage_text = "\n".join(report.damages)
    for word in words:
        assert word in damage_text
    assert SECOND not in damage_text.replace(f"is of {SECOND}", "") or harm is _swapped


def test_a_page_changed_together_with_its_seal_is_found_by_its_digest_and_by_the_version(
    kept: RunContext
) -> None:
    _other_page(kept.home)
    write_seal(_archive(kept.home), make_seal(_archive(kept.home), None))
    damage_text = "\n".join(verify(kept.home, Config()).damages)
    assert "payload digest failed" in damage_text
    assert f"the seal of {FIRST}.warc.gz is not the one in the chain of seals" in damage_text
    assert f"of {stable_id('d', PAGE)}: its SHA-256 is" in damage_text


def test_what_a_killed_crawl_left_is_noted_and_no_damage(kept: RunContext) -> None:
    late_archive = kept.home.archive / "20260304T030000Z.warc.gz"
    late_archive.write_bytes(_archive(kept.home).read_bytes()[:-9])
    report = verify(kept.home, Config())
    assert report.damages == []
    assert (
        report.notes[0]
        == "20260304T030000Z.warc.gz has no 20260304T030000Z.merkle.json; the next crawl makes it"
    )
    seal(late_archive)
    report = verify(kept.home, Config())
    assert report.damages == []
    assert "not a whole record" in report.notes[0]


def test_time_stamps_are_checked(
    store: Store, run: RunContext, write_inbox: InboxWriter, tmp_path: Path
) -> None:
    with running(tmp_path / "authority") as authority:
        kept = two_nights(store, run, write_inbox, authority.url)
    report = verify(kept.home, Config())
    assert (report.stamps, report.damages) == (2, [])
    (first,) = timestamps(_archive(kept.home)).values()
    (second,) = timestamps(kept.home.archive / f"{SECOND}.warc.gz").values()
    first.write_bytes(second.read_bytes())
    (kept.home.archive / f"{SECOND}@b.example.tsr").write_bytes(b"{")
    assert [damage.partition(": ")[::2] for damage in verify(kept.home, Config()).damages] == [
        (first.name, "the time stamp is of something else"),
        (f"{SECOND}@b.example.tsr", ANY),
    ]


def test_a_night_taken_out_whole_is_missed_by_the_chain(kept: RunContext) -> None:
    for file in (f"{FIRST}.warc.gz", f"{FIRST}.merkle.json"):
        (kept.home.archive / file).unlink()
    damages = verify(kept.home, Config()).damages
    assert damages[0] == f"{FIRST}.warc.gz is missing: the chain of seals holds it"
    (kept.home.archive / FILE).write_text("{}\n")
    assert any("chain.jsonl cannot be read" in damage for damage in verify(kept.home, Config()).damages)


def test_a_seal_taken_out_of_the_chain_is_missed(kept: RunContext) -> None:
    chain = kept.home.archive / FILE
    chain.write_text(chain.read_text().splitlines()[0] + "\n")
    damages = verify(kept.home, Config()).damages
    assert damages == [f"the seal of {SECOND}.warc.gz is missing in the chain of seals"]


def test_the_journal_is_compared_with_what_was_published(
    run: RunContext, store: Store, write_inbox: InboxWriter
) -> None:
    kept = two_nights(store, run, write_inbox)
    journal = Journal(kept.home.journal)
    for n in range(3):
        journal.decide(DecisionKind.NOTE, f"c{n}", None, reason="see the filing", editor="ada", now=kept.now)
    copy_journal(store, kept)
    publish(store, kept)
    journal.decide(DecisionKind.NOTE, "c9", None, reason="after the night", editor="ada", now=kept.now)
    report = verify(kept.home, Config())
    assert (report.damages, report.entries) == ([], 4)
    with closing(sqlite3.connect(journal.path, isolation_level=None)) as connection:
        connection.executescript("DROP TRIGGER kept; DELETE FROM entries WHERE number > 2")
    assert verify(kept.home, Config()).damages == [
        "decisions.sqlite: the journal ends with entry 2; it had 3 entries: its end was cut off"
    ]
    journal.path.write_bytes(b"x" * 4096)
    assert "cannot be read" in "".join(verify(kept.home, Config()).damages)


@pytest.mark.parametrize(
    ("harm", "code", "words"), [(lambda home: None, 0, "all well"), (_flip, 1, "damaged or missing")]
)
def test_the_command(
    kept: RunContext, command: Command, harm: Callable[[Home], object], code: int, words: str
) -> None:
    harm(kept.home)
    exit_code, out, _ = command("verify", "--home", kept.home.path)
    assert exit_code == code
    assert words in out
