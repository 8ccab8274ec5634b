"""`rumortrail why`: the chain as it is printed, at 80 columns and without colour."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console
from typer.testing import CliRunner

from pipeline.cli import why
from pipeline.cli.app import app
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.records import FOLLOWED_WHOLE
from pipeline.core.vocabulary import Certainty, DecisionKind, LinkKind, Platform, Precision, Role, Stance
from pipeline.published.claim import CaseFile, find_claim
from pipeline.published.claim_rows import Match
from pipeline.stages.judge.stage import judge
from pipeline.stages.publish.stage import publish
from pipeline.stages.trace.stage import trace
from pipeline.store.store import Store
from tests.conftest import NOW
from tests.worlds.builder import World, hours
from tests.worlds.laid import EmptyStore

pytestmark = pytest.mark.slow  # whole nights

LONG = "word " + " ".join(f"aster{number}" for number in range(40))
HOSTILE = "It is so\x1b[31m \u202eos ton [red]is[/] ti\r\nover"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A published copy: a post, its followers, a denial, a rumour; a claim alike; one that was merged."""
    store = EmptyStore()
    run = RunContext("20260302T030000Z", NOW, Home(tmp_path_factory.mktemp("why")), Config())
    world = World(store)
    world.source("mira", Role.COMMUNITY, platform=Platform.X)
    world.source("Aurel Blog", Role.FIRST_PARTY, "aurel", Platform.BLOG)
    for claim, text in (
        ("c1", "Aurel trained Aster 4 on test sets"),
        ("c2", "Aurel trained Aster 5 on test sets"),
        ("c3", "Old words"),
    ):
        world.claim(claim, text)
    world.say("c1", "x:mira", hours(0), document_id="post", document={"text": LONG}, quote=HOSTILE)
    for number in range(20):
        outlet = world.source(f"Outlet {number}")
        world.say("c1", outlet, hours(1 + number), document_id=f"a{number:02}", document={"links": ("post",)})
    for number in range(4):
        paper = world.source(f"Paper {number}")
        world.say("c1", paper, hours(30 + number), document_id=f"b{number}", document={"text": LONG})
    world.say(
        "c1", "aurel-blog", hours(40), Stance.DENIES, document_id="no", document={"precision": Precision.DAY}
    )
    world.say(
        "c1",
        world.source("Gossip"),
        None,
        Stance.REPORTS,
        document_id="heard",
        speaker=None,
        certainty=Certainty.REPORTED,
    )
    world.say(
        "c1",
        world.source("Quill"),
        hours(50),
        document_id="named",
        speaker=None,
        attributed_to="a post on a forum",
        certainty=Certainty.REPORTED,
    )
    world.say("c2", "x:mira", hours(2), document_id="other")
    world.decide(DecisionKind.MERGE, "c3", "c1", hours(60))
    store.connection.execute("UPDATE store.claims SET merged_into = 'c1' WHERE claim_id = 'c3'")
    store.append("heirs", [{"claim_id": "c3", "heir": "c1"}])
    gone_at = hours(70).replace(tzinfo=None)
    store.connection.execute(
        "UPDATE store.documents SET gone_at = ?, gone_evidence = '404' WHERE document_id IN ('post', 'a19')",
        [gone_at],
    )
    world.version("no", 2, "We said nothing.", hours(71))
    trace(store, run)
    judge(store, run)
    publish(store, replace(run, run_id="published"))
    store.close()
    return run.home


def find(home: Home, words: str) -> CaseFile | list[Match]:
    return find_claim(home, Config(), words)


def printed(found: object, width: int = 80) -> str:
    assert isinstance(found, CaseFile)
    output = io.StringIO()
    console = Console(file=output, width=width, color_system=None)
    for part in why.parts_of(found):
        console.print(part)
    return output.getvalue()


def test_the_chain_of_a_claim(published: Home) -> None:
    text = printed(find(published, "c1"))
    assert text.startswith("Aurel trained Aster 4 on test sets\nc1  disputed, score ")
    carrying_at, against_at = text.index("Voices that carry it (2)"), text.index("Voices against it (1)")
    rumour = text.index("Rumour that nobody stands behind: it counts as no voice (1 document)")
    assert (
        carrying_at
        < text.index("mira (x) supports it, 2026-01-05 12:00 UTC (api)")
        < text.index("├── Outlet 0 (news)")
        < against_at
        < rumour
    )
    assert "and 14 more that link to it: Outlet 6, Outlet 7, Outlet 8, Outlet 9 and 10" in text
    assert "(1 of them deleted)" in " ".join(text.split()).replace("│ ", "")
    assert "nearly repeats it (100% of the wording is the same)" in text
    assert "and 3 more that nearly repeat it" in text
    assert "a post on a forum (its words are not stored)\n└── Quill (news)" in text
    assert text.count("DELETED: found deleted 2026-01-08 10:00 UTC") == 1
    assert "EDITED since: 2026-01-08 11:00 UTC" in text[against_at:rumour]
    assert "Aurel Blog (blog) denies it, 2026-01-07 (api)" in text[against_at:]
    assert "Gossip (news) at an unknown time; seen 2026-01-05" in text[rumour:]


def test_what_has_no_time_is_told_between_its_bounds(published: Home) -> None:
    case = find(published, "c1")
    assert isinstance(case, CaseFile)
    (heard,) = [statement for statement in case.statements if statement.document_id == "heard"]
    bounded = replace(heard, said_earliest=hours(0))
    text = printed(replace(case, statements=[*(s for s in case.statements if s is not heard), bounded]))
    assert "Gossip (news) between 2026-01-05 12:00 UTC and 2026-01-05" in " ".join(text.split())


def test_where_nobody_is_named_the_source_does_not_stand_for_the_speaker(published: Home) -> None:
    case = find(published, "c1")
    assert isinstance(case, CaseFile)
    statements = [replace(s, speaker=None) if s.document_id == "no" else s for s in case.statements]
    assert "nobody named, in Aurel Blog (blog) denies it" in printed(replace(case, statements=statements))


def test_it_fits_into_the_width_and_a_strangers_text_moves_nothing(published: Home) -> None:
    for width in (40, 80):
        assert all(len(line) <= width for line in printed(find(published, "c1"), width).splitlines())
    text = printed(find(published, "c1"))
    assert "\x1b" not in text and "\u202e" not in text
    assert "“It is so�[31m �os ton [red]is[/] ti over”" in text


def test_a_claim_is_found_by_its_id_by_an_old_one_and_by_words(published: Home) -> None:
    merged_text = printed(find(published, "c3"))
    assert merged_text.startswith("Aurel trained Aster 4") and "c3 was merged into it." in merged_text
    case = find(published, "áster TEST 5")
    assert isinstance(case, CaseFile) and case.subject.claim_id == "c2"
    matches = find(published, "aster test")
    assert isinstance(matches, list) and [claim.claim_id for claim in matches] == ["c1", "c2"]
    with pytest.raises(DataError, match="no claim has the id"):
        find(published, "nothing of the kind")


def test_the_command(published: Home) -> None:
    home_option = ["--home", str(published.path)]
    result = CliRunner().invoke(app, ["why", "aster", "5", *home_option])
    assert result.exit_code == 0 and result.output.startswith("Aurel trained Aster 5 on test sets")
    result_several = CliRunner().invoke(app, ["why", "aster", *home_option])
    assert result_several.exit_code == 1 and result_several.output.startswith(
        "2 claims match; ask for one by its id:\nc1  disputed"
    )


def test_an_origin_that_does_not_speak_to_the_claim_is_named_with_its_fate(
    store: Store, run: RunContext
) -> None:
    world = World(store)
    world.claim("c1")
    world.document("post", world.source("mira", Role.COMMUNITY, platform=Platform.X), hours(0))
    world.version("post", 2, "Another text.", hours(9))
    unnamed = {"speaker": None, "certainty": Certainty.REPORTED}
    repost = {"links": ("post",), "link_kind": LinkKind.REPOST}
    world.say(
        "c1", world.source("Jo", Role.COMMUNITY), hours(1), document_id="d1", document=repost, **unnamed
    )
    trace(store, run)
    publish(store, run)
    text = printed(find(run.home, "c1"))
    assert "mira (mira, https://site.example/post)\nEDITED since: 2026-01-05 21:00 UTC" in text
    assert "└── Jo (news) 2026-01-05 13:00 UTC (api)\n    reposts it" in text
    assert "It has not been judged yet." in text and "score" not in text


def test_documents_that_point_at_each_other_are_all_shown(store: Store, run: RunContext) -> None:
    world = World(store)
    world.claim("c1")
    for document, target in (("d1", "d2"), ("d2", "d3"), ("d3", "d1")):
        world.say(
            "c1", world.source(document.upper()), None, document_id=document, document={"links": (target,)}
        )
    trace(store, run)
    publish(store, run)
    text = printed(find(run.home, "c1"))
    assert all(f"{name} (news)" in text for name in ("D1", "D2", "D3"))


def test_what_says_only_a_part_of_the_claim_is_marked(store: Store, run: RunContext) -> None:
    world = World(store)
    world.claim("c1")
    for name, entails in (("Whole", FOLLOWED_WHOLE), ("Part", FOLLOWED_WHOLE - 0.01)):
        world.document(name, world.source(name), None)
        world.stance("c1", world.mention("c1", name), entails=entails)
    trace(store, run)
    publish(store, run)
    text = printed(find(run.home, "c1"))
    assert "Whole (news) supports it," in text and "Part (news) supports a part of it," in text


def test_a_dated_claim_tells_how_it_will_be_resolved_and_what_was_put_beside_it(
    store: Store, run: RunContext
) -> None:
    world = World(store)
    world.claim("c1")
    world.say("c1", world.source("The Lantern"), hours(0))
    world.release("c1", "Aster 4", "Aurel", deadline=hours(90))
    later = {"claim_id": "c1", "number": 2, "written_at": hours(50), "rules": "rules-1", "run_id": "r1"}
    text = "Asked for: \x1b[31mIts API.\nTime: Before noon."
    store.append("resolution_texts", [later | {"text": text, "why": "other rules"}])
    trace(store, run)
    publish(store, run)
    text = printed(find(run.home, "c1"))
    heading = "How it will be resolved: written 2026-01-05 12:00 UTC, rules-0"
    assert f"{heading}\n  Decides: A release page." in text
    assert "Added since then (other rules): written 2026-01-07 14:00 UTC, rules-1" in text
    assert "  Time: Before noon.\n" in text
    assert "\x1b" not in text
