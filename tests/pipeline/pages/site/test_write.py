"""A whole site: what it holds, its links, what a second run does, what becomes of a claim that is hidden."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import pytest
from icalendar import Calendar
from lxml import html
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import server
from dashboard.public import routes
from pipeline.core.home import Home
from pipeline.pages import style
from pipeline.pages.links import subject_file
from pipeline.pages.site import write as module
from pipeline.pages.site.folder import MANIFEST
from pipeline.pages.site.write import write_site
from pipeline.published import stories
from pipeline.published.claim_filter import ClaimFilter
from tests.conftest import query_published
from tests.pipeline.pages.site.conftest import ADDRESS, Made, check_links, config, files_of
from tests.worlds.sample import TAKEN_OVER

pytestmark = pytest.mark.slow  # a whole site for each test

ATOM = "{http://www.w3.org/2005/Atom}"


def page(root: Path, name: str) -> html.HtmlElement:
    return html.fromstring((root / name).read_bytes())


def test_every_claim_has_its_files_and_stands_on_a_list(site: Made) -> None:
    ids = [claim_id for (claim_id,) in query_published(site.home, "SELECT claim_id FROM claims")]
    listed_links = {link for file in (site.root / "claims").glob("p*.html")
                    for link in page(site.root, str(file)).xpath("//main//li/a/@href")}  # fmt: skip
    for claim_id in ids:
        for name in (f"c/{claim_id}.html", f"c/{claim_id}.svg", f"c/{claim_id}.csv", f"c/{claim_id}.png"):
            assert (site.root / name).stat().st_size > 100
        assert (site.root / f"embed/{claim_id}.html").stat().st_size < 10_000
        assert f"../c/{claim_id}.html" in listed_links
    assert site.summary.claims == len(ids) and site.summary.files.written == len(files_of(site.root)) - 1


def test_no_link_is_broken_and_none_is_absolute(site: Made) -> None:
    links = check_links(site.root)
    assert not links.broken
    assert all(link.startswith(("https://", "http://", "data:")) for link in links.outside)


def test_the_names_above_a_claim_lead_to_the_pages_of_models_and_organisations(site: Made) -> None:
    row = query_published(site.home, "SELECT claim_id, type, subject FROM subjects "
                                     "WHERE type IN ('model', 'organisation')")
    for claim_id, kind, name in row:
        (link,) = page(site.root, f"c/{claim_id}.html").xpath(
            "//p[@class='label']/a[bdi = $name]/@href", name=name)
        assert link == f"../models/{subject_file(kind, name)}"


def test_no_page_loads_anything_and_only_the_front_page_runs_ours(site: Made) -> None:
    for file in site.root.rglob("*.html"):
        tree = html.fromstring(file.read_bytes())
        [policy] = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert "default-src 'none'" in policy and "unsafe" not in policy
        scripts = tree.xpath("//script[not(@type='application/ld+json')]")
        assert len(scripts) == (file == site.root / "index.html")
        assert not tree.xpath("//script/@src | //link[@rel='stylesheet'] | //@style | //@onclick")
        assert not [source for source in tree.xpath("//img/@src") if not source.startswith("data:")]


def test_a_model_with_promised_dates_has_its_slip_chart_with_data_picture_and_citation(site: Made) -> None:
    [chart] = (site.root / "models").glob("*.svg")
    tree = page(site.root, f"models/{chart.stem}.html")
    assert tree.xpath("//figure//svg") and ADDRESS in "".join(tree.xpath("//figcaption//text()"))
    assert {f"{chart.stem}.csv", chart.name} <= set(tree.xpath("//figcaption/a/@href"))
    assert (site.root / f"models/{chart.stem}.csv").read_text().startswith("number,model,")


def test_feed_calendar_and_sitemap_are_valid_and_lead_to_the_pages(site: Made) -> None:
    feed = ET.fromstring((site.root / "feeds/changes.atom").read_bytes())
    links = [url.attrib["href"] for url in feed.iter(f"{ATOM}link")]
    calendar = Calendar.from_ical((site.root / "deadlines.ics").read_bytes())
    events = [str(event["URL"]) for event in calendar.walk("VEVENT")]
    assert events and links[:2] == [str(calendar["URL"]), f"{ADDRESS}/feeds/changes.atom"]
    for link in links[1:] + events:
        assert link.startswith(f"{ADDRESS}/") and (site.root / link.removeprefix(f"{ADDRESS}/")).is_file()
    locations = [tag.text or "" for tag in ET.fromstring((site.root / "sitemap.xml").read_bytes()).iter()
                 if tag.tag.endswith("loc")]  # fmt: skip
    assert locations[0] == f"{ADDRESS}/" and len(locations) == 1 + site.summary.claims + site.summary.stories
    assert all((site.root / location.removeprefix(f"{ADDRESS}/")).exists() for location in locations)
    assert f"Sitemap: {ADDRESS}/sitemap.xml" in (site.root / "robots.txt").read_text()


@pytest.fixture
def copy(site: Made, tmp_path: Path) -> Made:
    """Return a copy of the site and its home, to be changed; file times are kept."""
    root, home = tmp_path / "rumours", Home(tmp_path / "home")
    shutil.copytree(site.root, root)
    home.path.mkdir()
    shutil.copy2(site.home.published, home.published)
    return Made(root, home, site.summary)


def change(home: Home, sql: str, *values: str) -> None:
    with duckdb.connect(str(home.published)) as connection:
        connection.execute(sql, values)


DATED = "UPDATE claims SET story_id = 'sborealis' WHERE claim_id IN (SELECT claim_id FROM goalposts)"


def test_the_dashboard_serves_the_slip_chart_of_a_story(copy: Made) -> None:
    change(copy.home, DATED)
    with TestClient(Starlette(routes=routes.routes(copy.home), middleware=server.middleware()),
                    base_url="http://localhost") as client:  # fmt: skip
        answer = client.get("/s/sborealis.dates1.svg")
        assert answer.headers["content-security-policy"] == style.SLIP_POLICY
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
        assert client.get("/s/sborealis.dates.csv").text.startswith("number,model,")
        assert client.get("/s/sborealis.dates3.svg").status_code == 404
        assert 'class="slip"' in client.get("/s/sborealis").text


def test_a_story_of_promised_dates_has_its_slip_chart_and_loses_it_with_the_dates(copy: Made) -> None:
    change(copy.home, DATED)
    write_site(copy.home, config(), copy.root, workers=1)
    files = {"s/sborealis.dates.csv", "s/sborealis.dates1.svg"}
    assert files <= files_of(copy.root).keys()
    tree = page(copy.root, "s/sborealis.html")
    assert tree.xpath("//h2[text()='How promised dates moved']") and tree.xpath("//svg[@class='slip']")
    assert not write_site(copy.home, config(), copy.root, workers=1).files.written
    change(copy.home, "DELETE FROM goalposts")
    write_site(copy.home, config(), copy.root, workers=1)
    assert not files & files_of(copy.root).keys()


def test_a_story_of_many_claims_has_a_page_for_each_part_and_loses_those_that_it_no_longer_needs(
    copy: Made, sample_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "ON_AXIS", 5)
    change(copy.home, "UPDATE claims SET story_id = 'sborealis'")
    write_site(copy.home, config(), copy.root, workers=1)
    parts = {"s/sborealis.claims2.html", "s/sborealis.claims3.html"}
    assert parts == {name for name in files_of(copy.root) if ".claims" in name}
    pages = [page(copy.root, name) for name in ("s/sborealis.html", *parts)]
    linked_pages = {link for tree in pages for link in tree.xpath("//ol//a/@href")}
    ids = {claim_id for (claim_id,) in query_published(sample_home, "SELECT claim_id FROM claims")}
    assert {f"../c/{claim_id}.html" for claim_id in ids} <= linked_pages and not check_links(copy.root).broken
    assert not write_site(copy.home, config(), copy.root, workers=1).files.written
    change(copy.home, "UPDATE claims SET story_id = NULL WHERE claim_id NOT IN"
           " (SELECT claim_id FROM claims ORDER BY claim_id LIMIT 4)")  # fmt: skip
    write_site(copy.home, config(), copy.root, workers=1)
    assert not parts & files_of(copy.root).keys()


def test_the_dashboard_serves_the_parts_of_a_story(copy: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "ON_AXIS", 5)
    change(copy.home, "UPDATE claims SET story_id = 'sborealis'")
    with TestClient(Starlette(routes=routes.routes(copy.home), middleware=server.middleware()),
                    base_url="http://localhost") as client:  # fmt: skip
        assert "Shown are 3 of 13 claims" in client.get("/s/sborealis.claims3").text
        assert "?as_of=2026-03-10" in client.get("/s/sborealis.claims2?as_of=2026-03-10").text
        for name in ("sborealis.claims1", "sborealis.claims4", "sborealis.claims02", "nope.claims2"):
            assert client.get(f"/s/{name}").status_code == 404
        redirect = client.get(f"/s/{TAKEN_OVER}.claims2", follow_redirects=False)
        assert (redirect.status_code, redirect.headers["location"]) == (302, "./sborealis")


def test_a_second_run_writes_nothing_and_a_third_only_what_moved(copy: Made, sample_home: Home) -> None:
    before = files_of(copy.root)
    second = write_site(copy.home, config(), copy.root, workers=1).files
    assert (second.written, second.removed, second.left) == (0, 0, []) and files_of(copy.root) == before
    [(claim_id,)] = query_published(sample_home, "SELECT claim_id FROM claims ORDER BY claim_id LIMIT 1")
    change(copy.home, "UPDATE claims SET claim = claim || ' (so they say)' WHERE claim_id = ?", claim_id)
    write_site(copy.home, config(), copy.root, workers=1)
    after = files_of(copy.root)
    changed_names = {name for name in after if after[name] != before.get(name)}
    pages = {name for name in changed_names if name.startswith(("c/", "embed/"))}
    rivals = {
        one for (one,) in query_published(
            sample_home, "SELECT rival_id FROM rivals WHERE claim_id = ?", claim_id
        )
    }
    assert f"c/{claim_id}.html" in pages
    assert {re.split(r"[/.]", name)[1] for name in pages} <= {claim_id, *rivals}
    assert "index.html" in changed_names and "404.html" not in changed_names


def test_the_next_night_alone_moves_no_page_of_a_claim(copy: Made) -> None:
    before = files_of(copy.root)
    change(copy.home, "UPDATE meta SET value = '2026-03-12T03:00:00+00:00' WHERE key = 'published_at'")
    write_site(copy.home, config(), copy.root, workers=1)
    after = files_of(copy.root)
    assert not [name for name in after if after[name] != before[name] and name.startswith(("c/", "embed/"))]


def test_a_claim_that_is_hidden_leaves_nothing_behind(copy: Made, sample_home: Home) -> None:
    [(claim_id, claim)] = query_published(
        sample_home, "SELECT claim_id, claim FROM claims ORDER BY ALL LIMIT 1"
    )
    for view in ("claims", "evidence", "changes", "rivals", "subjects", "releases", "goalposts"):
        change(copy.home, f"DELETE FROM {view} WHERE claim_id = ?", claim_id)
    change(copy.home, "DELETE FROM rivals WHERE rival_id = ?", claim_id)
    write_site(copy.home, config(), copy.root, workers=1)
    for name, content in files_of(copy.root).items():
        assert claim_id not in name and claim_id.encode() not in content, name
        assert claim.encode() not in content, name
    assert not check_links(copy.root).broken


def test_a_claim_that_another_took_over_leads_there(copy: Made, sample_home: Home) -> None:
    [(old,), (heir_id,)] = query_published(
        sample_home, "SELECT claim_id FROM claims ORDER BY claim_id LIMIT 2"
    )
    change(copy.home, "DELETE FROM claims WHERE claim_id = ?", old)
    change(
        copy.home,
        "INSERT INTO joins BY NAME SELECT ? AS joined_id, ? AS into_id, ? AS claim_id,"
        " TIMESTAMP '2026-03-11' AS joined_at", old, heir_id, heir_id,
    )  # fmt: skip
    for _ in range(2):  # the old address still leads there after the next run
        write_site(copy.home, config(), copy.root, workers=1)
        assert page(copy.root, f"c/{old}.html").xpath("//main//a/@href") == [f"../c/{heir_id}.html"]
        assert not (copy.root / f"c/{old}.csv").exists() and not (copy.root / f"embed/{old}.html").exists()


DISPUTED = ClaimFilter(statuses=["disputed"])


@pytest.fixture(scope="module")
def small(site: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A site of the disputed claims alone."""
    root = tmp_path_factory.mktemp("small") / "rumours"
    summary = write_site(site.home, config(), root, chosen=DISPUTED, watch="Disputed", workers=1)
    return Made(root, site.home, summary)


def test_only_the_claims_of_a_watch_and_every_link_leads_somewhere(small: Made) -> None:
    ids = {id_ for (id_,) in query_published(
        small.home, "SELECT claim_id FROM claims WHERE status = 'disputed'"
    )}
    assert small.summary.claims == len(ids) > 0
    assert {file.stem for file in (small.root / "c").glob("*.csv")} == ids
    assert not check_links(small.root).broken
    assert "Disputed" in (small.root / "index.html").read_text()


class Killed(BaseException):
    """An exception that ends a run at any moment."""


def test_a_run_that_is_killed_leaves_whole_files_and_the_next_one_finishes(
    small: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run continues where the one before it was killed, and is killed later; the last run ends."""
    from pipeline.pages.site import batches

    def killing(number: int) -> Callable[..., object]:
        put, left = batches.put, iter(range(number))

        def one(*given: object) -> object:
            if next(left, None) is None:
                raise Killed
            return put(*given)  # type: ignore[arg-type]

        return one

    root, early_root, expected = tmp_path / "rumours", tmp_path / "early", files_of(small.root)
    write_again = partial(write_site, small.home, config(), chosen=DISPUTED, watch="Disputed", workers=1)
    for after in (0, 1, 7, 15):
        with monkeypatch.context() as patch, pytest.raises(Killed):
            dying_put = killing(after)
            patch.setattr(batches, "put", dying_put)
            patch.setattr(module, "put", dying_put)
            write_again(root)
        partial_files = files_of(root)
        assert all(content == expected[name] for name, content in partial_files.items() if name != MANIFEST)
        if after == 1:
            shutil.copytree(root, early_root)
    for folder in (early_root, root):
        write_again(folder)
        finished_files = files_of(folder)
        assert finished_files.keys() == expected.keys()
        assert all(finished_files[name] == expected[name] for name in expected if name != MANIFEST)


@pytest.mark.process
def test_processes_write_the_same_as_one(
    site: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.pages.site import batches

    monkeypatch.setattr(batches, "CLAIMS", 5)
    write_site(site.home, config(), tmp_path / "rumours", workers=2)
    expected, parallel_files = files_of(site.root), files_of(tmp_path / "rumours")
    assert {name for name in expected if parallel_files.get(name) != expected[name]} == {MANIFEST}
