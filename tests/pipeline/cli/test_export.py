"""`rumortrail calendar`: all deadlines, those of a filter, and those of a watch."""

from __future__ import annotations

from pathlib import Path

import icalendar
import pytest

from pipeline.core.home import Home
from pipeline.published.claim_filter import ClaimFilter
from pipeline.watches.records import WatchDraft
from pipeline.watches.store import WatchStore
from tests.conftest import NOW, Command
from tests.dashboard.altered import altered


@pytest.fixture
def there(sample_home: Home, tmp_path: Path) -> Home:
    """The sample, with three watches, two of one name."""
    home = altered(sample_home, tmp_path / "home")
    for name, organisation in (("Aurora", "Aurora Labs"), ("Twice", "Nobody"), ("Twice", "Aurora Labs")):
        draft = WatchDraft(name, "ada", ClaimFilter(organisations=(organisation,)), atom=True)
        WatchStore(home.watches).add(draft, now=NOW)
    return home


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "deadlines", "name"),
    [
        ((), 1, "AI models"),
        (("--filter", "org=Nobody"), 0, "AI models · Nobody"),
        (("--filter", "?org=Aurora+Labs&status=expired"), 1, "AI models · expired · Aurora Labs"),
        (("--watch", "Aurora"), 1, "AI models · Aurora"),
    ],
)
def test_it_writes_the_deadlines(
    command: Command, there: Home, tmp_path: Path, options: tuple[str, ...], deadlines: int, name: str
) -> None:
    file = tmp_path / "out.ics"
    code, _, output = command("calendar", *options, "--out", file, "--home", there.path)
    assert (code, output.split(" written")[0]) == (0, f"{deadlines} deadline{'' if deadlines == 1 else 's'}")
    parsed = icalendar.Calendar.from_ical(file.read_bytes())
    assert len(parsed.events) == deadlines and parsed.calendar_name.endswith(name)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--filter", "colour=red"), "the filter has no 'colour'"),
        (("--watch", "Nothing"), "there is no watch 'Nothing'"),
        (("--watch", "Twice"), "2 watches are called 'Twice'"),
        (("--watch", "Aurora", "--filter", "due=true"), "name a watch or a filter, not both"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    command: Command, there: Home, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    code, _, output = command("calendar", *options, "--out", tmp_path / "out.ics", "--home", there.path)
    assert code == 2 and words in " ".join(output.split())
    assert not (tmp_path / "out.ics").exists()
