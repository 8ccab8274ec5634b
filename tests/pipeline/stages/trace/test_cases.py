"""Trace: the stories of `cases.toml`, and what stands beside them: families as data, importance."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.config import Config, TraceConfig
from pipeline.core.context import RunContext
from pipeline.core.errors import ConfigError
from pipeline.core.records import Link
from pipeline.core.vocabulary import LinkKind, Platform, Precision, Role, Stance
from pipeline.stages.trace.publishers import Publishers
from pipeline.stages.trace.stage import trace
from pipeline.store.store import Store
from tests.worlds.builder import OWN, hours
from tests.worlds.judged import Judged

pytestmark = pytest.mark.slow  # a store for each test

STORIES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))
FAMILIES = """
[[family]]
id = "post-group"
name = "Post Group"
hosts = ["north.example", "south.example"]

[[agency]]
id = "wireline"
name = "Wireline"
hosts = ["wireline.example"]
marks = ["Wireline"]
"""


@pytest.fixture
def world(store: Store, run: RunContext) -> Judged:
    """A claim without any mention."""
    world = Judged(store, run)
    world.claim("c1")
    return world


@pytest.fixture
def housed(run: RunContext) -> RunContext:
    """A run that knows the made-up houses."""
    (run.home.path / "families.toml").write_text(FAMILIES, "utf-8")
    return replace(run, config=Config(trace=TraceConfig(families="families.toml")))


def _source(world: Judged, name: str) -> str:
    """A source of the stories; its id is its name in small letters with dashes, a forum user's as it is."""
    source_fields = STORIES["sources"].get(name, {})
    platform = Platform(source_fields.get("platform", "news"))
    slug = name.lower().replace(" ", "-")
    is_site = platform in (Platform.NEWS, Platform.BLOG)
    source_id = name if ":" in name and not is_site else slug if is_site else f"{platform}:{slug}"
    if source_id not in world.sources:
        role, organisation = Role(source_fields.get("role", "press")), source_fields.get("organisation")
        world.source(name, role, organisation, platform, source_id=source_id, url=source_fields.get("url"))
    return source_id


def _documents(say: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for fields in say:
        for number in range(fields.get("n", 1)):
            yield fields | {key: fields[key].format(n=number) for key in ("by", "id")}


def _collect(world: Judged, said: dict[str, Any]) -> None:
    source, document_id = _source(world, said["by"]), said["id"]
    text = STORIES["texts"].get(said.get("text"), said.get("text", ""))
    link_kind = LinkKind(said.get("how", "link"))
    gone_fields: dict[str, Any] = {"gone_at": hours(99), "gone_evidence": "404"} if said.get("gone") else {}
    world.document(
        document_id, source, hours(said["at"]) if "at" in said else None, text,
        links=tuple(said.get("to", ())), link_kind=link_kind, reply_to=said.get("reply_to"),
        precision=Precision(said.get("precision", "second")), author_name=said.get("author"),
        **gone_fields,
    )  # fmt: skip
    world.append("links", [Link(document_id, url, link_kind, None) for url in said.get("to_url", ())])
    if "edited" in said:
        version_id = world.version(document_id, 2, text + " Edited.", hours(98))
        world.edit(version_id, said["edited"], added="Edited.")
    if said.get("silent"):
        return
    told_fields = {
        key: said[key]
        for key in ("quote", "attributed_to", "certainty", "negated", "organisation", "by_author")
        if key in said
    }
    world.say(
        "c1", source, None, Stance.DENIES if said.get("negated") else Stance.SUPPORTS,
        document_id=document_id, speaker=said.get("speaker", OWN) or None,
        role=Role(said["role"]) if "role" in said else None, **told_fields,
    )  # fmt: skip


@pytest.mark.parametrize("story", STORIES["case"], ids=[story["name"] for story in STORIES["case"]])
def test_story(world: Judged, housed: RunContext, story: dict[str, Any]) -> None:
    for url, document_id in story.get("aliases", {}).items():
        world.row("aliases", url=url, leads_to=world.url(document_id), seen_at=hours(0), run_id="r1")
    documents = list(_documents(story["say"]))
    for night in range(1, max(document.get("night", 1) for document in documents) + 1):
        for document in documents:
            if document.get("night", 1) == night:
                _collect(world, document)
        trace(world.store, replace(housed, run_id=f"night-{night}"))
    rows = world.ask("SELECT document_id, voice, independent, origin_gone_at IS NOT NULL, origin_edited "
                     "FROM evidence ORDER BY document_id")
    voice_keys = {row[1] for row in rows} - {"hearsay"}
    edges = world.ask(
        "SELECT document_id, coalesce(origin_document_id, origin_name), kind, words FROM provenance"
    )
    if "voices" in story:
        assert len(voice_keys) == story["voices"], rows
    assert {row[0]: row[1] for row in rows} | story.get("of", {}) == {row[0]: row[1] for row in rows}
    if "adds" in story:
        assert {row[0] for row in rows if row[2]} == set(story["adds"])
    if "edges" in story:
        wanted_edges = sorted(edge[:3] for edge in story["edges"])
        assert sorted(list(edge[:3]) for edge in edges) == wanted_edges
        for edge in story["edges"]:
            assert edge[3:] == [] or tuple(edge) in edges
    assert [row[0] for row in rows if row[3]] == sorted(story.get("origin_gone", []))
    assert [row[0] for row in rows if row[4]] == sorted(story.get("origin_edited", []))
    assert all(words for *_, words in edges), "each edge has the words that show it"


def test_the_data_of_houses_are_sound_and_a_users_wins(tmp_path: Path) -> None:
    shipped = Publishers.load()
    verge = shipped.group_of("verge", "news", "https://www.theverge.com/rss")
    wired = shipped.group_of("www.wired.com", "news", None)
    assert verge is not None and verge.key == "house:vox-media"
    assert wired == shipped.group_of("ars", "news", "https://arstechnica.com/ai/feed/")
    assert shipped.group_of("someone", "blog", "https://medium.com/@someone/feed") is None
    assert shipped.group_of("x:verge", "x", "https://www.theverge.com") is None
    assert [
        shipped.group_of("s", "news", url) for url in (None, "http://[", "http://127.0.0.1:80/", "nonsense")
    ] == [None] * 4
    users_file = tmp_path / "mine.toml"
    users_file.write_text(
        '[[family]]\nid = "mine"\nname = "Mine"\nhosts = ["theverge.com"]\nsources = ["x:verge"]\n', "utf-8"
    )
    extended = Publishers.load(users_file)
    assert extended.group_of("verge", "news", "https://www.theverge.com/rss") == extended.group_of(
        "x:verge", "x", None
    )
    assert extended.group_of("www.wired.com", "news", None) == wired
    assert extended.digest != shipped.digest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("LONDON, March 2 (Reuters) - Aurel said", "(Reuters) -"),
        ("Berlin (dpa/tmn) - Das Modell", "(dpa/tmn) -"),
        ("Aurel said so.\n© Reuters", "© Reuters"),
        ("Aurel said so.\nSource: AFP", "Source: AFP"),
        ("Aurel said so.\n© 2026 Thomson Reuters.", "© 2026 Thomson Reuters"),
        ("Aurel said so (via AFP).", "via AFP"),
        ("The board of Aurel (Photo by Jo Fern via AP)\nIt met today.", None),
        ("Aurel's figures by year. Source: Reuters", None),
        ("Aurel told the AP that", None),
        ("as reported by Reuters - and others", None),
        ("via Reuters readers learned", None),
        ("The AP exam (AP) is hard", None),
        ("He told the Associated Press (AP). Then he left.", None),
    ],
)
def test_an_agencys_mark(text: str, words: str | None) -> None:
    agency_mark = Publishers.load().agency(text, text, (None, "A. Reuter"))
    assert (agency_mark and agency_mark[1]) == words


def test_a_faulty_file_of_families_is_told_with_all_its_faults(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'shared = 3\nother = 1\n[[family]]\nid = "A B"\nname = ""\nhosts = ["no host"]\nowner = "x"\n',
        "utf-8",
    )
    with pytest.raises(ConfigError) as error_info:
        Publishers.load(file)
    assert str(error_info.value).splitlines() == [
        f"{file} has 6 mistake(s):",
        "  shared must be a list of hosts in quotes, not 3",
        "  [[family]] number 1: id must be a text of a-z, 0-9 and -, not 'A B'",
        "  [[family]] number 1: name must be a text in quotes, not ''",
        "  [[family]] number 1: hosts must be a list of hosts in quotes, "
        """each as "news.example", not 'no host'""",
        "  [[family]] number 1: owner is unknown; allowed are id, name, hosts, sources",
        "  other is unknown; allowed are shared, family, agency",
        "Compare docs/trace.md.",
    ]
    file.write_text('agency = 3\n[[family]]\nid = 4\nhosts = "a.example"\n', "utf-8")
    with pytest.raises(ConfigError) as error_info:
        Publishers.load(file)
    assert str(error_info.value).splitlines()[1:-1] == [
        "  [[family]] number 1: id must be a text of a-z, 0-9 and -, not 4",
        "  [[family]] number 1: name must be a text in quotes; it is missing",
        "  [[family]] number 1: hosts must be a list of hosts in quotes, "
        """each as "news.example", not 'a.example'""",
        "  agency must be written as [[agency]], not 3",
    ]
    file.write_text('[[family]]\nid = "a"\nname = 2026-03-01\n', "utf-8")
    with pytest.raises(ConfigError, match="name must be a text in quotes"):
        Publishers.load(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        Publishers.load(tmp_path / "none.toml")
    file.write_text("not toml", "utf-8")
    with pytest.raises(ConfigError, match="not valid TOML"):
        Publishers.load(file)


def test_a_house_that_is_learned_later_makes_one_voice_of_two(world: Judged, housed: RunContext) -> None:
    for number, name in enumerate(("North Post", "South Post")):
        _collect(world, {"by": name, "id": f"d{number}", "at": number})
    trace(world.store, world.first)
    assert len(world.ask("SELECT DISTINCT voice FROM store.origins")) == 2
    trace(world.store, replace(housed, run_id="later"))
    assert world.ask("SELECT DISTINCT voice FROM store.origins") == [("house:post-group",)]
    assert trace(world.store, replace(housed, run_id="once more")).inputs == 0


def test_repetition_makes_a_claim_important_and_not_credible(world: Judged) -> None:
    _collect(world, {"by": "mira", "id": "post", "at": 0})
    importance_rows = []
    for count in (0, 1, 30):
        for number in range(count):
            _collect(world, {"by": f"Outlet {number}", "id": f"a{count}-{number}", "at": 1 + number,
                             "to": ["post"]})  # fmt: skip
        world.night(count)
        importance_rows += world.ask("SELECT importance, score, voices, importance_why FROM claims")
    assert importance_rows[0][0] < importance_rows[1][0] < importance_rows[2][0] < 1
    assert {(score, voices) for _, score, voices, _ in importance_rows} == {(importance_rows[0][1], 1)}
    assert importance_rows[2][3][:2] == ["documents: 32", "platforms: 2"]


def test_a_voice_makes_a_claim_credible_and_not_important(world: Judged) -> None:
    for name, quote in (
        ("repeats", "so they say"),
        ("knows", "I have seen the test sets in the training data"),
    ):
        world.claim(name)
        world.say(name, _source(world, "mira"), hours(0), document_id=f"{name}-1", quote="I saw it")
        reply = {"reply_to": f"{name}-1"}
        world.say(name, _source(world, "jo"), hours(1), document_id=f"{name}-2", document=reply, quote=quote)
    world.night()
    importance_by_claim = dict(world.ask("SELECT claim_id, (importance, score) FROM claims"))
    assert importance_by_claim["repeats"][0] == importance_by_claim["knows"][0]
    assert importance_by_claim["repeats"][1] < importance_by_claim["knows"][1]
