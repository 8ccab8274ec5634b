"""Small stories of code names through the whole pipeline, read by the real parser: who is pony-alpha?"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from models.embedding import embedder as embedding
from models.embedding import retriever
from models.founding import model as founding
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.vocabulary import Outcome
from pipeline.run.nightly import process
from tests.conftest import NOW, document, fill_inbox
from tests.fakes import FakeModels
from tests.models.language.language_world import reader
from tests.worlds.nights import UNPUBLISHED, stored

pytestmark = pytest.mark.slow  # whole nights

SOURCES = {
    "lantern": {"name": "The Lantern", "role": "press", "platform": "news"},
    "courier": {"name": "Courier", "role": "press", "platform": "news"},
    "halcyon": {"name": "Halcyon Labs", "role": "first_party", "platform": "blog",
                "organisation": "Halcyon Labs"},
    "hub": {"name": "Halcyon Labs on the hub", "role": "first_party", "platform": "huggingface",
            "organisation": "Halcyon Labs"},
    "brightwater": {"name": "Brightwater", "role": "first_party", "platform": "blog",
                    "organisation": "Brightwater"},
    "lmarena": {"name": "LMArena", "role": "expert", "platform": "blog", "organisation": "LMArena"},
    "x:kestrel": {"name": "kestrel", "role": "community", "platform": "x"},
    "x:sparrow": {"name": "sparrow", "role": "community", "platform": "x"},
}  # fmt: skip


@cache
def _models() -> FakeModels:
    """Return the real reader and founder, which load at the first story."""
    return FakeModels(language=reader(), founder=founding.load(embedding.load(), retriever.load().passages))


class Story:
    """Nights of a home folder; the documents of each night are collected before it runs."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.nights = self.documents = 0
        rows = [{"type": "source", "source": key, "seen_at": "2026-03-01T00:00:00Z"} | values
                for key, values in SOURCES.items()]  # fmt: skip
        fill_inbox(home, rows, "r0", "sources")

    def night(self, *told: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> None:
        """Collect a text of each source, one after the other, and run the pipeline."""
        night_at = NOW + timedelta(days=self.nights)
        for source, text, *extra_fields in told:
            self.documents += 1
            time = night_at - timedelta(hours=12) + timedelta(minutes=self.documents)
            platform = SOURCES[source]["platform"]
            author = source.partition(":")[2] or None
            row = document(
                f"https://{source.replace(':', '-')}.example/{self.documents}", text=text, title=None,
                source=source, platform=platform, author=author, published_at=_iso(time), seen_at=_iso(time),
            )  # fmt: skip
            row |= extra_fields[0] if extra_fields else {}
            fill_inbox(self.home, [row], f"r{self.nights + 1}", f"s{self.documents}")
        report = process(self.home, Config(), now=night_at, models=_models(), stages=UNPUBLISHED)
        assert report.outcome is Outcome.OK, report
        self.nights += 1

    def claims(self) -> dict[str, tuple[str, str, int]]:
        """Return kind, status and voices of each claim, by its words."""
        rows = stored(self.home, "SELECT claim, kind, status, voices FROM claims")
        return {claim: tuple(state) for claim, *state in rows}

    def rivals(self) -> set[tuple[str, str, str, str]]:
        """Return the rivals: both claims, the slot and the words."""
        return set(stored(self.home, """
            SELECT a.claim, b.claim, r.slot, r.words FROM rivals AS r
            JOIN claims AS a ON a.claim_id = r.claim_id JOIN claims AS b ON b.claim_id = r.rival_id"""))


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture
def story(tmp_path: Any) -> Story:
    """An empty home with its sources."""
    return Story(Home(tmp_path / "home"))


LUMEN, OTTER = "Pony-alpha is Lumen 3", "Pony-alpha is Otter 2"


def test_readings_stand_side_by_side_until_the_maker_says_which_is_true(story: Story) -> None:
    story.night(
        ("x:kestrel", "pony-alpha is Lumen 3."),
        ("x:sparrow", "The stealth model Pony Alpha on OpenRouter is Otter 2."),
    )
    otter = "The stealth model Pony Alpha on OpenRouter is Otter 2"
    readings = {LUMEN: ("identity", "unverified", 1), otter: ("identity", "unverified", 1)}
    rivals = {
        (LUMEN, otter, "identity", "Lumen 3 / Otter 2"), (otter, LUMEN, "identity", "Otter 2 / Lumen 3"),
    }  # fmt: skip
    assert (story.claims(), story.rivals()) == (readings, rivals)
    story.night(
        ("courier", "Pony Alpha is Otter 2, say two testers."), ("lantern", "pony-alpha might be Lumen 3.")
    )
    assert {claim: status for claim, (_, status, _) in story.claims().items()} == {
        LUMEN: "unverified", otter: "unverified"}
    story.night(("halcyon", "The model pony-alpha on OpenRouter was Lumen 3."))
    assert {claim: status for claim, (_, status, _) in story.claims().items()} == {
        LUMEN: "substantiated", otter: "contradicted"}
    assert story.rivals() == rivals
    [(reason,)] = stored(story.home, "SELECT reason FROM claims WHERE status = 'contradicted'")
    assert reason.startswith(f"It cannot be true together with what is substantiated: “{LUMEN}”")


def test_the_makers_page_shows_it(story: Story) -> None:
    story.night(("x:kestrel", "pony-alpha is Lumen 3."), ("x:sparrow", "pony-alpha is Otter 2."))
    page = "Lumen 3 was tested on OpenRouter as pony-alpha.\n\nParameters: 70000000000"
    story.night(("hub", page, {"title": "halcyon/Lumen-3", "artefact": True}))
    assert {claim: status for claim, (_, status, _) in story.claims().items()} == {
        LUMEN: "substantiated", OTTER: "contradicted"}
    assert stored(story.home, "SELECT rule FROM claims ORDER BY rule") == [("outrun",), ("shown",)]


def test_the_board_tells_of_a_code_name_on_it(story: Story) -> None:
    story.night(("x:kestrel", "The anonymous model 'sonoma' on LM Arena is Otter 2."))
    story.night(("lmarena", "The anonymous model 'sonoma' on LM Arena was Otter 2."))
    [(rule, reason)] = stored(story.home, "SELECT rule, reason FROM claims")
    assert (rule, reason.partition(":")[0]) == ("shown", "The board itself tells of the code name")


def test_a_denial_by_the_maker_is_a_denial_and_refutes_nothing(story: Story) -> None:
    story.night(("x:kestrel", "pony-alpha is Lumen 3."), ("x:sparrow", "pony-alpha is Otter 2."))
    story.night(("halcyon", "pony-alpha is not Lumen 3."))
    statuses = {claim: status for claim, (_, status, _) in story.claims().items()}
    assert statuses == {LUMEN: "disputed", OTTER: "unverified"}


def test_another_maker_claims_the_code_name(story: Story) -> None:
    story.night(("x:kestrel", "pony-alpha is Lumen 3."), ("lantern", "pony-alpha is Lumen 3."))
    story.night(("brightwater", "pony-alpha is Otter 2, and we thank all testers."))
    statuses = sorted(status for _, status, _ in story.claims().values())
    assert statuses == ["contradicted", "substantiated"]


def test_two_code_names_of_one_model_are_two_claims_and_no_rivals(story: Story) -> None:
    story.night(("x:kestrel", "pony-alpha is Lumen 3."), ("x:sparrow", "dusk-river is Lumen 3."))
    assert {claim.lower() for claim in story.claims()} == {LUMEN.lower(), "dusk-river is lumen 3"}
    assert story.rivals() == set()


def test_what_is_not_sure_to_be_a_code_name_makes_nothing_untrue(story: Story) -> None:
    story.night(("x:kestrel", "dusk-river is Lumen 3."), ("x:sparrow", "dusk-river is Otter 2."))
    story.night(("halcyon", "dusk-river is Lumen 3."))
    assert sorted(status for _, status, _ in story.claims().values()) == ["substantiated", "unverified"]


def test_a_code_name_is_a_tracked_thing_only_where_the_gazetteer_has_it(story: Story) -> None:
    story.night(("x:kestrel", "pony-alpha is Lumen 3."))
    assert stored(story.home, "SELECT entities, organisations FROM claims") == [
        (["Lumen 3"], ["Halcyon Labs"])]
    assert stored(story.home, "SELECT count(*) FROM subjects WHERE subject ILIKE 'pony%'") == [(0,)]
