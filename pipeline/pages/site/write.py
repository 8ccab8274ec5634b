"""`rumortrail site`: all pages of the published copy as a folder of static files, of which only what moved is
written anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb

from pipeline.core.config import Config
from pipeline.core.context import Progress, silent
from pipeline.core.files import FileLock
from pipeline.core.home import Home
from pipeline.core.text import utf8
from pipeline.decisions.overtaken import SincePublished, since_published
from pipeline.exports.calendar import calendar
from pipeline.exports.status_feed import ENTRIES, atom
from pipeline.pages.links import Links, file_name, files
from pipeline.pages.notice import notice_page
from pipeline.pages.site import lists as pages
from pipeline.pages.site.batches import (
    SECONDS,
    Site,
    batches_of,
    claim_files,
    draw,
    hashed,
    story_files,
)
from pipeline.pages.site.folder import Folder, Page, Written, put
from pipeline.pages.site.rows import SQL, Lists, read_lists
from pipeline.published.claim import SQL as CLAIM_SQL
from pipeline.published.claim_filter import ClaimFilter, matches
from pipeline.published.database import open_published, query
from pipeline.published.deadlines import read_ledger
from pipeline.published.place import copy_of
from pipeline.published.slips import Slip, among, slips_for
from pipeline.published.stories import list_stories, parts_of
from pipeline.published.story_rows import StoryLine

_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run wrote: files, and how many claims and stories the site now holds."""

    root: Path
    claims: int
    stories: int
    files: Written


def site_folder(home: Home, config: Config) -> Path:
    """Return the folder of `[site] out`, which may be relative to the home folder."""
    return home.path / Path(config.site.out).expanduser()


def write_site(
    home: Home,
    config: Config,
    out: Path,
    *,
    chosen: ClaimFilter | None = None,
    watch: str = "",
    progress: Progress = silent,
    workers: int | None = None,
) -> Summary:
    """Write the site of the published copy of `home` into `out`; with `chosen` only of the claims that pass.

    `watch` names that choice. Pages of claims that are hidden or gone are removed first; those of claims and
    stories that others took over lead there. Each file is written whole. Raises ConfigError for a folder that
    cannot be used, DataError where nothing is published, BusyError while another process writes a site.
    """
    with FileLock(home.site_lock).held("a site, "):
        with closing(open_published(copy_of(home, config), config.ask)) as connection:
            contents = _read(connection, home, config, chosen)
            since = since_published(connection, home, seconds=SECONDS)
        folder = Folder(out, home)
        site = Site(folder.root, home, config, files(config.site.url.rstrip("/")), since)
        return _write(site, folder, contents, chosen, watch, progress, workers)


@dataclass(frozen=True, slots=True)
class _SiteData:
    """What the copy holds for a site: `beside` has the claims of each story and what else its page shows.

    `slips` are the promised dates of each model, `dates` those that the claims of each story name. `outside`
    are claims, and `stories_outside` stories, that pages name and that have no page.
    """

    lists: Lists
    stories: list[StoryLine]
    beside: dict[str, tuple[Sequence[str], str]]
    slips: dict[str, list[Slip]]
    dates: dict[str, list[Slip]]
    outside: frozenset[str]
    stories_outside: frozenset[str]


def _read(
    connection: duckdb.DuckDBPyConnection, home: Home, config: Config, chosen: ClaimFilter | None
) -> _SiteData:
    lists, outside = read_lists(connection, SECONDS), frozenset[str]()
    if chosen is not None:
        lists = lists.only(matches(connection, chosen, now=lists.published_at, seconds=SECONDS))
        named_rows = query(connection, SQL["named"], {"claims": list(lists.claims)}, seconds=SECONDS)[1]
        outside = frozenset(claim_id for (claim_id,) in named_rows) - frozenset(lists.claims)
    named_ids = {row.story_id for row in lists.claims.values()}
    stories = [line for line in list_stories(home, config, limit=_ALL) if line.story_id in named_ids]
    beside = {
        story_id: (claim_ids.split(), repr(other_columns))
        for story_id, claim_ids, *other_columns in query(connection, SQL["of_stories"], seconds=SECONDS)[1]
    }
    slips: dict[str, list[Slip]] = {}
    for slip in slips_for(connection, list(lists.claims), seconds=SECONDS):
        slips.setdefault(slip.model, []).append(slip)
    shown_ids = [line.story_id for line in stories]
    story_claim_ids = {claim_id for story_id in shown_ids for claim_id in beside[story_id][0]}
    promised = slips_for(connection, sorted(story_claim_ids), seconds=SECONDS)
    dates = {
        story_id: story_slips
        for story_id in shown_ids
        if (story_slips := among(promised, set(beside[story_id][0])))
    }
    kin = {
        story_id for (story_id,) in query(connection, SQL["kin"], {"stories": shown_ids}, seconds=SECONDS)[1]
    }
    stories_outside = frozenset(kin | {story_id for story_id in named_ids if story_id}).difference(shown_ids)
    return _SiteData(lists, stories, beside, slips, dates, outside, stories_outside)


def _write(
    site: Site,
    folder: Folder,
    contents: _SiteData,
    chosen: ClaimFilter | None,
    watch: str,
    progress: Progress,
    workers: int | None,
) -> Summary:
    links, lists = site.links, contents.lists
    page_files = {f"c/{claim}": claim_files(claim, links) for claim in lists.claims}
    page_files |= {
        f"s/{line.story_id}": story_files(
            line.story_id,
            links,
            contents.dates.get(line.story_id, []),
            parts_of(len(contents.beside[line.story_id][0])),
        )
        for line in contents.stories
    }
    notices = dict(_notices(site, folder, contents, page_files))
    other_files = dict(_rest(site, contents, chosen, watch)) | notices
    planned = {name for names in page_files.values() for name in names} | set(other_files)
    done = folder.begin(planned, {*page_files, *other_files})
    standing, left = dict(folder.pages), frozenset(done.left)

    def reporter(what: str, total: int) -> Callable[[int], None]:
        progress(what, 0, total)
        return lambda number: progress(what, number, total)

    now: dict[str, Page] = {}
    for what, ids in (
        ("claims", list(lists.claims)),
        ("stories", [line.story_id for line in contents.stories]),
    ):
        inputs = _of_stories(contents, site.since, now) if what == "stories" else {}
        batches = list(batches_of(what, ids, standing, left, inputs, contents.dates))
        result = draw(site, batches, reporter(what, len(ids)), workers=workers)
        now |= result.pages
        done.add(result.done)
    # The lists come last, so that they never name a page that is not there yet.
    step = reporter("lists", len(other_files))
    for number, (name, content) in enumerate(other_files.items(), 1):
        made_of = hashed(content)
        if (page := standing.get(name)) and page.stands(site.root, made_of):
            now[name] = page
            done.unchanged += 1
        else:
            now[name], counts = put(site.root, made_of, {name: content}, left)
            done.add(counts)
        step(number)
    done.removed += folder.finish(now)
    return Summary(site.root, len(lists.claims), len(contents.stories), done)


def _of_stories(contents: _SiteData, since: SincePublished, drawn: Mapping[str, Page]) -> dict[str, str]:
    """Return for each story a hash of all that its page shows: its claims, and what is beside them."""
    inputs = {}
    for line in contents.stories:
        claim_ids, other_columns = contents.beside[line.story_id]
        dates = contents.dates.get(line.story_id)
        page_hashes = [page.inputs if (page := drawn.get(f"c/{claim_id}")) else "" for claim_id in claim_ids]
        # A claim outside the site has no page here, so its story is drawn anew from each new copy.
        copy_time = "" if all(page_hashes) else contents.lists.published_at
        overtaken = [since.statuses.get(claim_id) for claim_id in claim_ids]
        inputs[line.story_id] = hashed(
            replace(line, total=0), claim_ids, page_hashes, other_columns, dates, copy_time, overtaken
        )
    return inputs


def _rest(site: Site, contents: _SiteData, chosen: ClaimFilter | None, watch: str) -> pages.Files:
    """Yield all files beside the pages of claims and stories."""
    lists, links, publisher = contents.lists, site.links, site.config.publisher

    def page_of(claim_id: str) -> str | None:
        return links.absolute(links.claim(claim_id))

    face = pages.face(publisher, links, lists.meta.get("notice", ""), watch, stories=bool(contents.stories))
    yield from pages.claim_lists(lists, face)
    if contents.stories:
        yield from pages.story_lists(lists, contents.stories, face)
    yield from pages.subjects(lists, contents.slips, face, links)
    yield from pages.sources(lists, face)
    yield "404.html", pages.missing(face)
    own_url, front = links.absolute("feeds/changes.atom") or "", links.absolute("") or ""
    feed = atom(
        lists.changes[:ENTRIES], publisher, lists.published_at, own_address=own_url, page=page_of, front=front
    )
    yield "feeds/changes.atom", utf8(feed)
    ledger = read_ledger(site.home, site.config, chosen)
    yield "deadlines.ics", calendar(ledger, publisher, watch, page=page_of, front=front)
    yield from pages.front(lists, contents.stories, face)
    if links.address:
        yield "sitemap.xml", _sitemap(contents, links)
        yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {links.address}/sitemap.xml\n".encode()


def _sitemap(contents: _SiteData, links: Links) -> bytes:
    """Return the addresses of all pages, of each claim with the day on which it moved last."""
    ET.register_namespace("", _SITEMAP)
    root = ET.Element(f"{{{_SITEMAP}}}urlset")
    addresses = [("", None)] + [
        (f"s/{file_name(line.story_id)}.html", line.moved.at if line.moved else None)
        for line in contents.stories
    ]
    addresses += [
        (f"c/{file_name(row.claim_id)}.html", row.last_moved_at or row.first_seen_at)
        for row in contents.lists.claims.values()
    ]
    for file, moved in addresses[:_SITEMAP_MOST]:
        element = ET.SubElement(root, f"{{{_SITEMAP}}}url")
        ET.SubElement(element, f"{{{_SITEMAP}}}loc").text = f"{links.address}/{file}"
        if moved:
            ET.SubElement(element, f"{{{_SITEMAP}}}lastmod").text = f"{moved:%Y-%m-%d}"
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root)


_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_SITEMAP_MOST = 50_000  # the most that the protocol allows in one file


def _notices(site: Site, folder: Folder, contents: _SiteData, drawn: dict[str, list[str]]) -> pages.Files:
    """Yield a page for each address that leads on: a claim that is named and not chosen, and what had a page
    in this folder and was taken over by another. A claim that an editor hid gets none.
    """
    links, publisher = site.links, site.config.publisher
    outside = [
        (f"c/{file_name(claim_id)}", "claim", publisher.claim(claim_id))
        for claim_id in sorted(contents.outside)
    ]
    outside += [(f"s/{file_name(story_id)}", "story", None) for story_id in sorted(contents.stories_outside)]
    for name, what, target in outside:
        words = f"These pages are about a choice of claims, and this {what} is not among them."
        page = notice_page(
            "Not on these pages", words, links, publisher, target=target, target_words="Its page is elsewhere"
        )
        yield f"{name}.html", utf8(page)
    with closing(open_published(copy_of(site.home, site.config), site.config.ask)) as connection:
        for old, heir in _heirs(connection, folder, drawn):
            address = links.claim(heir) if old.startswith("c/") else links.story(heir)
            what = "claim" if old.startswith("c/") else "story"
            yield f"{old}.html", pages.moved(what, address, publisher.name or "Rumortrail")


def _heirs(
    connection: duckdb.DuckDBPyConnection, folder: Folder, drawn: dict[str, list[str]]
) -> Iterator[tuple[str, str]]:
    """Yield the pages whose claim or story was taken over by another, each with the id of that other."""
    names = {name.removesuffix(".html") for name in folder.owned if name.startswith(("c/", "s/"))}
    gone = sorted(name for name in names if "." not in name and name not in drawn)
    stories = [name[2:] for name in gone if name.startswith("s/")]
    for old, heir in query(connection, SQL["heir"], {"stories": stories}, seconds=SECONDS)[1]:
        if f"s/{heir}" in drawn:
            yield f"s/{old}", heir
    for name in gone:
        if name.startswith("c/"):
            parameters = {"claim_id": name[2:]}
            heirs = query(connection, CLAIM_SQL["heir"], parameters, seconds=SECONDS)[1]
            if heirs and f"c/{heirs[0][0]}" in drawn:
                yield name, heirs[0][0]
