"""The demo end to end: three nights over the demo web with the real spiders, models and stages."""

from __future__ import annotations

import os
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from crawlers.demo.addresses import address
from crawlers.demo.content import NIGHTS, Expected, load
from crawlers.demo.x import TOKEN
from pipeline.cli import demo
from pipeline.core.errors import DataError
from pipeline.core.home import Home
from pipeline.core.vocabulary import Platform, Status
from tests.conftest import query_published
from tests.shared import Played

WEB = load()
STORIES = WEB.stories
EXPECTED = [claim for story in STORIES for claim in story.claims]


AS_PEOPLE_WRITE = (
    "basalt-chinese", "basalt-debunked", "hawthorn-edit", "kestrel-price-friend", "kestrel-size-correction",
    "kestrel-size-typo", "lodestone-sarcasm", "marigold-quoted", "marigold-three-things", "millrace-table",
)  # fmt: skip
"""The posts in the manner of real ones."""


def claims_with(words: tuple[str, ...], claims: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (claim, status) for claim, status in claims if all(word.lower() in claim.lower() for word in words)
    ]


@pytest.mark.parametrize("night", range(3))
@pytest.mark.parametrize("expected", EXPECTED, ids=lambda claim: claim.says.replace(" ", "-"))
def test_each_story_stands_where_its_file_says(played: Played, expected: Expected, night: int) -> None:
    matching = claims_with(expected.words, played.nights[night])
    expected_status = expected.statuses[night]
    assert [status for _, status in matching] == ([expected_status] if expected_status else []), matching


def test_no_claim_comes_out_that_nobody_wrote(played: Played) -> None:
    for night, claims in enumerate(played.nights):
        expected_claims = {
            match for story in EXPECTED if story.statuses[night] for match in claims_with(story.words, claims)
        }
        assert set(claims) - expected_claims == set()


def test_every_status_occurs(played: Played) -> None:
    assert {status for night in played.nights for _, status in night} == {str(status) for status in Status}


def test_documents_of_every_platform_are_published(played: Played) -> None:
    count = {
        str(site): int(str(n))
        for site, n in query_published(
            played.home, "SELECT platform, count(*) FROM documents GROUP BY platform"
        )
    }
    assert sum(count.values()) >= 100
    assert set(count) == {str(platform) for platform in Platform} - {"file", "other"}


def test_every_quote_is_where_it_is_said_to_be(played: Played) -> None:
    misplaced = query_published(
        played.home,
        "SELECT m.mention_id, m.quote FROM mentions AS m JOIN versions AS v USING (version_id)"
        " WHERE substring(CASE m.part WHEN 'title' THEN v.title ELSE v.text END, m.start_char + 1,"
        " m.end_char - m.start_char) <> m.quote",
    )
    assert misplaced == []


def test_the_denial_in_the_llama_4_story_is_spoken_by_the_first_party(played: Played) -> None:
    rows = query_published(
        played.home,
        "SELECT DISTINCT e.speaker, e.speaker_role FROM evidence AS e JOIN claims AS c USING (claim_id)"
        " WHERE e.stance = 'denies' AND c.claim ILIKE '%Llama 4%test sets%'",
    )
    assert ("Ahmad Al-Dahle", "first_party") in rows
    assert {role for _, role in rows} == {"first_party"}


@pytest.mark.parametrize(
    ("words", "least"),
    [("%Llama 4%test sets%", 4), ("%Vellum Group%Larkfield%", 4), ("%Odile Ferrant%leave%", 4)]
)
def test_many_repetitions_of_one_post_are_one_voice(played: Played, words: str, least: int) -> None:
    rows = query_published(
        played.home, "SELECT voices, supports + reports FROM claims WHERE claim ILIKE ?", words
    )
    [(voices, repetitions)] = rows
    assert voices == 1
    assert int(str(repetitions)) >= least


def test_a_forward_of_a_deleted_post_is_the_deleted_posts_voice(played: Played) -> None:
    rows = query_published(
        played.home,
        "SELECT platform, source, independent, gone_at IS NOT NULL FROM evidence"
        " WHERE quote ILIKE '%Odile Ferrant%leave%'",
    )
    assert sorted(rows, key=str) == [
        ("news", "Kiln Daily", False, False),
        ("telegram", "Model Ferry", False, False),
        ("telegram", "Nightlock", False, False),
        ("x", "Tollgate", True, True),
    ]
    [(reason,)] = query_published(
        played.home, "SELECT reason FROM claims WHERE claim ILIKE '%Odile Ferrant%'"
    )
    assert "one voice, Tollgate" in str(reason) and "deleted; that is not a retraction" in str(reason)


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("%Millrace 3%", "%release page is there: otterline/millrace v3.0.0%"),
        ("%Basalt 4 scored 61%", "arXiv shows it on the page itself%"),
        ("%Basalt 4 scored 81%", "It comes from Sluice Notes, who took it back%"),
    ],
)
def test_artefacts_and_a_corrected_blog_move_what_they_speak_of(
    played: Played, claim: str, reason: str
) -> None:
    assert len(
        query_published(
            played.home, "SELECT 1 FROM claims WHERE claim ILIKE ? AND reason ILIKE ?", claim, reason
        )
    ) == 1


def places(*posts: str) -> dict[str, str]:
    """The address at which each of these posts is stored."""
    return {address(WEB.posts[post], WEB).rstrip("/"): post for post in posts}


def test_posts_as_people_write_them_have_passages_in_their_language(played: Played) -> None:
    rows = query_published(
        played.home,
        "SELECT d.url, list(DISTINCT p.language) FROM passages AS p JOIN documents AS d USING (document_id)"
        " WHERE list_contains(?, d.url) GROUP BY d.url",
        list(places(*AS_PEOPLE_WRITE)),
    )
    told_languages = {places(*AS_PEOPLE_WRITE)[str(post_id)]: languages for post_id, languages in rows}
    assert told_languages == {post: ["zh" if post == "basalt-chinese" else "en"] for post in AS_PEOPLE_WRITE}


@pytest.mark.parametrize(
    ("post", "claim", "sides"),
    [
        ("basalt-debunked", "Basalt 4%70 billion%", {"denies"}),
        ("kestrel-size-typo", "Kestrel 2%34 billion%", {"supports"}),
        ("kestrel-size-correction", "Kestrel 2%24 billion%", {"supports"}),
        ("marigold-three-things", "Heliotrope Labs%Marigold 3%chats", {"supports", "reports"}),
        ("millrace-table", "%Millrace 2%48%LadderBench", {"supports"}),
    ],
)
def test_posts_as_people_write_them_stand_on_the_right_side(
    played: Played, post: str, claim: str, sides: set[str]
) -> None:
    rows = query_published(
        played.home,
        "SELECT e.stance FROM evidence AS e JOIN claims AS c USING (claim_id)"
        " WHERE c.claim ILIKE ? AND e.url = ?",
        claim, *places(post),
    )  # fmt: skip
    assert rows
    assert {stance for (stance,) in rows} <= sides


def test_only_the_maker_speaks_for_a_maker_in_what_people_write(played: Played) -> None:
    rows = query_published(
        played.home,
        "SELECT DISTINCT e.url, e.speaker, e.speaker_role = 'first_party' FROM evidence AS e"
        " WHERE list_contains(?, e.url)",
        list(places(*AS_PEOPLE_WRITE)),
    )
    names = places(*AS_PEOPLE_WRITE)
    assert {(names[str(post)], speaker) for post, speaker, first_party in rows if first_party} == {
        ("kestrel-size-correction", "Corvid AI")
    }


def test_a_post_that_names_its_source_is_that_sources_voice(played: Played) -> None:
    rows = query_published(
        played.home,
        "SELECT DISTINCT speaker, voice_name FROM evidence"
        " WHERE url = ? AND stance IN ('supports', 'reports')",
        *places("hawthorn-edit"),
    )
    assert rows == [("Lena Marchetti", "Lena Marchetti")]


def test_the_silent_edit_and_the_deletions_are_kept(played: Played) -> None:
    versions = "FROM versions AS v JOIN documents AS d USING (document_id)"
    edits = query_published(
        played.home, f"SELECT v.number, v.text {versions} WHERE d.url LIKE '%saltmarsh%' ORDER BY v.number"
    )
    assert [number for number, _ in edits] == [1, 2]
    assert "reportedly" not in str(edits[0][1]) and "reportedly" in str(edits[1][1])
    gone = query_published(
        played.home, f"SELECT v.text, d.gone_at {versions} WHERE d.gone_at IS NOT NULL ORDER BY d.gone_at"
    )
    ended = {
        next(word
        for word in ("Petrakis", "Saltmarsh", "Ferrant") if word in str(text)): at for text, at in gone
    }
    nights = {
        word: at.replace(hour=0, minute=0, second=0) for word, at in ended.items() if isinstance(at, datetime)
    }
    second, third_night = (night.replace(tzinfo=None, hour=0) for night in NIGHTS[1:])
    assert nights == {"Petrakis": second, "Saltmarsh": third_night, "Ferrant": third_night}


def test_the_failed_source_and_the_broken_item_are_told(played: Played) -> None:
    runs = query_published(played.home, "SELECT outcome FROM runs ORDER BY started_at")
    assert [outcome for (outcome,) in runs] == ["partial", "partial", "ok"]
    failed = "SELECT source, outcome FROM crawls WHERE outcome <> 'ok' ORDER BY started_at"
    assert query_published(played.home, failed) == [("Harbour Post", "partial"), ("Harbour Post", "failed")]
    assert query_published(
        played.home, "SELECT 1 FROM issues WHERE source = 'Harbour Post' AND severity <> 'info'"
    )
    assert "Harbour Post" in played.printed


def test_a_finished_demo_is_left_as_it_is(played: Played) -> None:
    before = played.home.published.stat()
    output = StringIO()
    demo.run_demo(played.home.path, Console(file=output, width=200))
    assert "is ready" in output.getvalue()
    assert played.home.published.stat() == before


def test_the_users_credentials_are_put_aside_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X_BEARER_TOKEN", "canary")
    monkeypatch.setenv("GITHUB_TOKEN", "another-canary")
    before = dict(os.environ)
    with demo._own_token():
        assert os.environ["X_BEARER_TOKEN"] == TOKEN
        assert "canary" not in str(os.environ)
    assert dict(os.environ) == before


def test_a_folder_of_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    precious = tmp_path / "thesis.txt"
    precious.write_text("years of work")
    with pytest.raises(DataError, match="no demo"):
        demo.run_demo(tmp_path, Console(file=StringIO()))
    assert precious.read_text() == "years of work"


def test_a_demo_that_was_killed_is_not_finished_and_is_cleared(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (tmp_path / demo.MARKER).write_text("{}")
    (tmp_path / "inbox").mkdir()
    home.published.write_text("half a night")
    assert not demo.finished(home)
    demo._clear(home)
    assert {entry.name for entry in tmp_path.iterdir()} <= {demo.MARKER, home.lock.name}


def test_a_demo_that_was_killed_at_once_is_begun_again(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for name in (home.lock.name, f"{demo.MARKER}.tmp"):
        (tmp_path / name).write_text("")
    demo._clear(home)
    assert (tmp_path / demo.MARKER).read_text() == "{}"


def test_a_demo_of_other_content_is_out_of_date(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.published.write_text("")
    (tmp_path / demo.MARKER).write_text('{"content": "0.0 0123456789abcdef"}')
    assert not demo.finished(home)


def test_the_page_on_the_demo_tells_every_claim_and_status() -> None:
    page = (Path(__file__).parents[3] / "docs" / "demo.md").read_text("utf-8")
    for claim in EXPECTED:
        row = f"| {claim.says} | {' | '.join(status or '-' for status in claim.statuses)} |"
        assert row in page
    for story in STORIES:
        assert not story.claims or story.title in page
