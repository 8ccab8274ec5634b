"""`rumortrail edits`: what is shown of a document's history, and that no terminal is fooled by it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.cli.edits import history, marked, report
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.records import stable_id
from pipeline.stages.ingest.stage import ingest
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from pipeline.text.diff import Hunk
from tests.conftest import NOW, Command, InboxWriter, document, fill_inbox
from tests.pipeline.text.edit_pairs import LEAD, MORE
from tests.worlds.laid import EmptyStore

pytestmark = pytest.mark.slow  # a home for each

URL = "https://wire.example/1"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunContext]:
    """The published copy of `collected`, once for all tests that only read it."""
    store = EmptyStore()
    run = RunContext("20260302T030000Z", NOW, Home(tmp_path_factory.mktemp("edits")), Config())
    collected(store, run)
    yield run
    store.close()


def collected(store: Store, run: RunContext) -> None:
    """Publish a page that was seen four times in a night, and one that never changed."""
    hedged_text = f"Aurel is reportedly launching Aster 4 on Friday, the company said.\n{MORE}"
    dearer_text = hedged_text.replace("$5", "$15")
    versions = [
        ("2026-03-01T14:00:00Z", "Aurel ships", f"{LEAD}\n{MORE}\n3 views"),
        ("2026-03-01T14:15:00Z", "Aurel ships", f"{LEAD}\n{MORE}\n9 views"),
        ("2026-03-01T23:00:00Z", "Aurel ships", f"{hedged_text}\n9 views"),
        (
            "2026-03-02T03:00:00Z",
            "Aurel waits",
            f"{dearer_text}\nUpdate: the \x1b[31mprice\u202e is new.\n9 views",
        ),
    ]
    for number, (at, title, text) in enumerate(versions):
        fill_inbox(run.home, [document(URL, title=title, text=text, seen_at=at)], run_id=f"r{number}")
    fill_inbox(run.home, [document("https://wire.example/2")], run_id="r9")
    ingest(store, run)
    publish(store, run)


def shown(run: RunContext, given: str) -> list[str]:
    return [line.plain for line in report(*history(run.home, Config(), given))]


def test_each_version_with_its_interval_its_kind_and_its_words(published: RunContext) -> None:
    assert shown(published, URL) == [
        "Aurel waits",
        "wire https://wire.example/1",
        "Version 1, first seen 2026-03-01 14:00 UTC",
        "Version 2, changed between 2026-03-01 14:00 and 14:15 UTC: trivial (3 views -> 9 views)",
        "Version 3, changed between 2026-03-01 14:15 and 23:00 UTC: body, without a note on the page",
        "  Aurel is {+reportedly+} launching Aster 4 on Friday, the company said.",
        "Version 4, changed between 2026-03-01 23:00 and 2026-03-02 03:00 UTC: "
        "headline and body, with a note on the page",
        "  headline: Aurel [-ships-] {+waits+}",
        "  It costs [-$5-] {+$15+} a month.",
        "  {+Update: the �[31mprice� is new.+}",
    ]


def test_an_id_and_other_forms_of_the_address_name_the_same_document(published: RunContext) -> None:
    expected = shown(published, URL)
    assert shown(published, stable_id("d", URL)) == expected
    assert shown(published, "HTTPS://wire.example:443/1?utm_source=x#top") == expected


def test_a_document_without_an_edit(published: RunContext) -> None:
    assert shown(published, "https://wire.example/2")[-1] == "No edit was seen."


@pytest.mark.parametrize("given", ["d0", "https://wire.example/3", "x' OR 1=1 --", ""])
def test_an_unknown_document_is_named_with_what_to_do(published: RunContext, given: str) -> None:
    with pytest.raises(
        DataError, match=r"no document .* is published: give .* URL.*rumortrail ask"
    ) as caught:
        history(published.home, Config(), given)
    assert repr(given) in str(caught.value)


def test_an_address_of_two_documents_asks_for_an_id(
    store: Store, run: RunContext, write_inbox: InboxWriter
) -> None:
    write_inbox([document(URL, id="a"), document(URL, id="b")])
    ingest(store, run)
    publish(store, run)
    with pytest.raises(DataError, match=r"2 documents have the URL .* a, b"):
        history(run.home, Config(), URL)
    assert shown(run, "b")


def test_versions_that_were_not_compared_yet_are_compared_for_the_report(
    store: Store, run: RunContext
) -> None:
    collected(store, run)
    expected = shown(run, URL)
    store.connection.execute("DELETE FROM store.edits")
    publish(store, run)
    assert shown(run, URL) == expected


@pytest.mark.parametrize(
    ("hunk", "lines"),
    [
        (Hunk(("A b c d.",), ("A b x d.",)), ["A b [-c-] {+x+} d."]),
        (Hunk(("It’s a b c.",), ("It's a b d.",)), ["It's a b [-c.-] {+d.+}"]),
        (
            Hunk(("One two three.", "Four five six."), ("Seven.", "Four five 6.")),
            ["[-One two three.-]", "{+Seven.+}", "Four five [-six.-] {+6.+}"],
        ),
        (
            Hunk(("Wholly other words.",), ("Not the same.",)),
            ["[-Wholly other words.-]", "{+Not the same.+}"],
        ),
        (Hunk((), ("New.",)), ["{+New.+}"]),
        (Hunk(("Gone [red]x[/].",), ()), ["[-Gone [red]x[/].-]"]),
    ],
)
def test_the_marks(hunk: Hunk, lines: list[str]) -> None:
    assert [line.plain for line in marked(hunk)] == lines


def test_a_pair_that_is_too_long_to_align_is_shown_whole() -> None:
    text = "x y " * 2000
    (line,) = marked(Hunk(("a " + text + "a",), ("b " + text + "b",)))
    assert line.plain.startswith("[-a x y") and line.plain.endswith("y b+}")


def test_the_command(published: RunContext, command: Command) -> None:
    code, out, _ = command("edits", URL, "--home", published.home.path)
    assert code == 0
    assert "Aurel is {+reportedly+} launching" in out
    assert "\x1b" not in out
    code, _, err = command("edits", "nothing", "--home", published.home.path)
    assert code == 2
    assert "'nothing'" in err
