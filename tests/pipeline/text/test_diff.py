"""Edits: what counts as an edit, how a page describes it, and where store, timeline and digest record it."""

from __future__ import annotations

import dataclasses
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.context import RunContext
from pipeline.core.vocabulary import Change
from pipeline.digest.changes import changes, markdown, sections
from pipeline.stages.ingest.stage import ingest
from pipeline.store.store import Store
from pipeline.text import diff
from pipeline.text.diff import SHOWN, Edit, Hunk, Wording, compare, hunks
from tests.conftest import InboxWriter, document
from tests.pipeline.text.edit_pairs import BODY, LEAD, MORE, PAIRS, TRIVIAL, told
from tests.worlds.builder import World, hours

# A sentence that begins with a name is text, even if it contains words of page furniture.
WORDS = [
    "3",
    "400B",
    "$5",
    "14:05",
    "10²",
    "Zoë",
    "views",
    "read",
    "min",
    "Updated",
    "ago",
    "related:",
    "not",
]
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=2, max_size=9).map(
    lambda words: f"Aurel {' '.join(words)}."
)
ARTICLES = st.lists(SENTENCES, min_size=1, max_size=8)
FURNITURE = st.sampled_from(
    [
        "3 min read",
        "12 comments",
        "Share",
        "Updated 5 minutes ago",
        "Related: Birch is for sale",
        "Subscribe to our newsletter",
        "09:30",
        "1.2K views · 3 likes",
    ]
)


@pytest.mark.parametrize("name", PAIRS)
def test_the_pairs(name: str) -> None:
    (before, after), change, noted = PAIRS[name]
    edit = compare(before, after)
    assert (edit.change, edit.noted) == (change, noted)
    assert compare(after, before).change == change


@pytest.mark.parametrize("name", PAIRS)
def test_the_bound_changes_no_judgement(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diff, "EFFORT", 0)
    (before, after), change, noted = PAIRS[name]
    edit = compare(before, after)
    assert (edit.change, edit.noted) == (change, noted)
    assert bool(hunks(before, after)) == (change not in (TRIVIAL, Change.HEADLINE))


def test_what_went_and_what_came_in_reading_order() -> None:
    before = Wording("Aster 4 is out", f"{LEAD}\n{MORE}\n3 views")
    after = Wording("Aster 4 is late", f"Aurel is late.\n{LEAD}\n{MORE.replace('$5', '$15')}\n9 views")
    assert compare(before, after) == Edit(
        Change.HEADLINE_AND_BODY,
        False,
        "Aster 4 is out\nIt costs $5 a month.",
        "Aster 4 is late\nAurel is late.\nIt costs $15 a month.",
    )
    assert hunks(before, after) == [
        Hunk((), ("Aurel is late.",)),
        Hunk(("It costs $5 a month.",), ("It costs $15 a month.",)),
    ]


def test_of_a_trivial_edit_the_furniture_is_told() -> None:
    edit = compare(told(f"{LEAD}\n3 min read\n4 views"), told(f"{LEAD}\n3 min read\n9 views"))
    assert edit == Edit(TRIVIAL, False, "4 views", "9 views")
    assert compare(told(LEAD, "It’s out"), told(LEAD, "It's out")) == Edit(
        TRIVIAL, False, "It’s out", "It's out"
    )


def test_other_line_breaks_hide_no_change_beside_them() -> None:
    text = f"{LEAD}\n{MORE}"
    edit = compare(told(text), told(text.replace("\n", " ").replace("400B", "288B")))
    assert edit.change is BODY
    assert "400B" in edit.removed and "288B" in edit.added
    assert "It costs" not in edit.removed


def test_long_texts_are_cut_and_stay_in_order() -> None:
    edit = compare(
        told("\n".join(f"Old {n}." for n in range(900))), told("\n".join(f"New {n}." for n in range(900)))
    )
    assert edit.removed.startswith("Old 0.\nOld 1.\n") and len(edit.removed) == SHOWN
    assert edit.added.startswith("New 0.\nNew 1.\n") and len(edit.added) == SHOWN


def test_a_missing_headline_and_an_empty_text() -> None:
    assert compare(told(LEAD, None), told(LEAD, "Aster 4")) == Edit(Change.HEADLINE, False, "", "Aster 4")
    assert compare(told(LEAD), told("")) == Edit(BODY, False, LEAD, "")
    assert compare(told(""), told("")) == Edit(TRIVIAL, False, "", "")


@pytest.mark.slow
@given(ARTICLES, st.data())
def test_furniture_and_typography_alone_are_trivial(article: list[str], data: st.DataObject) -> None:
    def dressed() -> str:
        lines = list(article)
        for line in data.draw(st.lists(FURNITURE, max_size=4)):
            lines.insert(data.draw(st.integers(0, len(lines))), line)
        text = "".join(
            line + data.draw(st.sampled_from(["\n", "\n\n", " \u00a0\n\t", "\r\n"])) for line in lines
        )
        spaced = text.replace(" ", data.draw(st.sampled_from([" ", "  ", "\u202f"])))
        return unicodedata.normalize(data.draw(st.sampled_from(["NFC", "NFD"])), spaced)

    before, after = dressed(), dressed()
    assert compare(told(before), told(after)).change is TRIVIAL
    assert hunks(told(before), told(after)) == []


@given(ARTICLES, st.lists(FURNITURE, max_size=3), st.data())
def test_a_number_a_negation_or_a_hedge_is_never_trivial(
    article: list[str], furniture: list[str], data: st.DataObject
) -> None:
    line_number = data.draw(st.integers(0, len(article) - 1))
    words = article[line_number].split()
    index = data.draw(st.integers(1, len(words) - 1))
    if any(letter.isdigit() for letter in words[index]) and data.draw(st.booleans()):
        digit = next(letter for letter in words[index] if letter.isdigit())
        words[index] = words[index].replace(digit, str((int(digit) + data.draw(st.integers(1, 9))) % 10))
    else:
        words.insert(
            index, data.draw(st.sampled_from(["not", "never", "reportedly", "may", "without", "1", "$", "?"]))
        )
    changed_article = [*article[:line_number], " ".join(words), *article[line_number + 1 :]]
    edit = compare(told("\n".join([*article, *furniture])), told("\n".join([*furniture, *changed_article])))
    assert edit.change is BODY
    assert edit.added != edit.removed


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    edit = compare(Wording(one, other), Wording(other, one))
    assert edit == compare(Wording(one, other), Wording(other, one))
    assert compare(Wording(other, one), Wording(one, other)).change == edit.change
    assert compare(Wording(one, one), Wording(one, one)) == Edit(TRIVIAL, False, "", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\n" * 200_000, "b\na\na\n" * 130_000),
        ("x" * 2_000_000, "y" * 2_000_000),
        ("a" + "\u0301\u0323" * 1_000_000, "b" + "\u0301\u0323" * 1_000_000),
        ("\n".join(map(str, range(40_000))), "\n".join(map(str, range(40_000, 0, -1)))),
        ("1 views, " * 20 + "x\n" + "get" + " the" * 48 + "\n", "http://" + "." * 1_900_000 + "="),
    ],
    ids=["two lines without end", "one word", "combining marks", "all in reverse", "forms that nearly fit"],
)
def test_hostile_texts_of_two_megabytes_come_to_an_end(before: str, after: str) -> None:
    assert compare(told(before), told(after)).change is BODY


# --- the store


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(sql).fetchall()


def three_versions(write_inbox: InboxWriter) -> None:
    """A first version; a counter that moved; a silent hedge."""
    texts = [
        f"{LEAD}\n3 views",
        f"{LEAD}\n9 views",
        f"{LEAD.replace('is launching', 'is reportedly launching')}\n9 views",
    ]
    for night, text in enumerate(texts, 1):
        write_inbox([document(text=text, seen_at=f"2026-03-0{night}T03:00:00Z")], run_id=f"r{night}")


COLUMNS = "number, change, noted, unchanged_at::VARCHAR, seen_at::VARCHAR, removed, added"
EXPECTED = [
    (2, "trivial", False, "2026-03-01 03:00:00", "2026-03-02 03:00:00", "3 views", "9 views"),
    (
        3,
        "body",
        False,
        "2026-03-02 03:00:00",
        "2026-03-03 03:00:00",
        LEAD,
        LEAD.replace("is l", "is reportedly l"),
    ),
]


@pytest.mark.parametrize("batch", [1, 500])
def test_ingest_says_of_each_later_version_what_changed(
    store: Store, run: RunContext, write_inbox: InboxWriter, batch: int
) -> None:
    sized_run = dataclasses.replace(
        run,
        config=dataclasses.replace(run.config, ingest=dataclasses.replace(run.config.ingest, batch=batch)),
    )
    three_versions(write_inbox)
    ingest(store, sized_run)
    assert rows(store, f"SELECT {COLUMNS} FROM edits ORDER BY number") == EXPECTED
    assert rows(store, "SELECT count(*) FROM versions") == [(3,)]


def test_versions_that_were_never_compared_are_compared_by_the_next_ingest(
    store: Store, run: RunContext, write_inbox: InboxWriter
) -> None:
    three_versions(write_inbox)
    ingest(store, run)
    store.connection.execute("DELETE FROM store.edits")
    assert rows(store, "SELECT number, change FROM edits ORDER BY number") == [(2, None), (3, None)]
    ingest(store, run)
    assert rows(store, f"SELECT {COLUMNS} FROM edits ORDER BY number") == EXPECTED


def test_the_digest_tells_of_no_trivial_edit(store: Store, run: RunContext, write_inbox: InboxWriter) -> None:
    three_versions(write_inbox)
    store.connection.execute(
        "INSERT INTO store.runs VALUES (?, 'nightly', ?, NULL, 'running', NULL)",
        [run.run_id, run.now.replace(tzinfo=None)],
    )
    ingest(store, run)
    assert [edit.number for edit in changes(store, run).edits] == [3]
    assert "version 3, between 2026-03-02 03:00 and 2026-03-03 03:00 UTC" in markdown(
        run, sections(changes(store, run))
    )


def test_the_timeline_tells_of_no_trivial_edit(store: Store) -> None:
    world = World(store)
    source = world.source("The Wire")
    world.document("d1", source, hours(0), LEAD)
    claim = world.claim("c1")
    world.stance(claim, world.mention(claim, "d1"))
    for number, change in ((2, "trivial"), (3, "headline_and_body"), (4, None)):
        version_id = world.version("d1", number, f"{LEAD} {number}", hours(number))
        if change:
            world.edit(version_id, change)
    told_of = rows(store, "SELECT reason FROM timeline WHERE event = 'edited' ORDER BY reason")
    url = world.url("d1")
    assert told_of == [(f"version 3 of {url}: headline and body changed",), (f"version 4 of {url}",)]
