"""The pages of claims and stories: read in batches, drawn where they moved, written, in several processes."""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb

from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.text import utf8
from pipeline.decisions.overtaken import SincePublished
from pipeline.exports import claimreview
from pipeline.exports.overtaken import claim_since, story_since
from pipeline.pages import card, claim, embed, story
from pipeline.pages.links import Links, file_name
from pipeline.pages.site.folder import Page, Written, put
from pipeline.published.claim import CaseFile, read_claims
from pipeline.published.database import open_published
from pipeline.published.place import copy_of
from pipeline.published.slips import Slip
from pipeline.published.stories import StoryFile, read_stories

CLAIMS, STORIES = 250, 100
"""Claims, and stories, that are read at once."""
SECONDS = 120.0
"""What reading one batch may take."""


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages of a site share: where it is written, of what, and how its pages name one another.

    `since` has what editors decided after the copy was published.
    """

    root: Path
    home: Home
    config: Config
    links: Links
    since: SincePublished


@dataclass(slots=True)
class Drawn:
    """The result of drawing some pages: each page as it now stands, and counts."""

    pages: dict[str, Page] = field(default_factory=dict)
    done: Written = field(default_factory=Written)


@dataclass(frozen=True, slots=True)
class Batch:
    """Ids of claims or stories, with the pages that stand for them, and the files that are not ours.

    `inputs` has a hash of what each story's page is made of, so that one that did not move is not read;
    `slips` has the promised dates that its claims name.
    """

    what: str
    ids: Sequence[str]
    standing: Mapping[str, Page]
    left: frozenset[str]
    inputs: Mapping[str, str]
    slips: Mapping[str, Sequence[Slip]]


def claim_files(claim_id: str, links: Links) -> list[str]:
    """Return the files of a claim; a card is drawn where there is an address at which it can be fetched."""
    name = file_name(claim_id)
    cards = [f"c/{name}.png"] if links.address else []
    return [f"c/{name}.html", f"c/{name}.svg", f"c/{name}.csv", f"embed/{name}.html", *cards]


def story_files(story_id: str, links: Links, slips: Sequence[Slip], parts: int) -> list[str]:
    """Return the files of a story: page, picture, data, card, those of the dates that it names, and the pages
    of the other `parts` of its time axis.
    """
    name = file_name(story_id)
    cards = [f"s/{name}.png"] if links.address else []
    dates = [f"s/{name}.{ending}" for ending, number in story.DATES.items() if slips and number <= len(slips)]
    part_files = [_part_file(story_id, part, links) for part in range(2, parts + 1)]
    return [f"s/{name}.html", f"s/{name}.svg", f"s/{name}.csv", *cards, *dates, *part_files]


def _part_file(story_id: str, part: int, links: Links) -> str:
    return links.story_part(story_id, part).removeprefix("../")


def draw(
    site: Site, batches: Sequence[Batch], told: Callable[[int], None], *, workers: int | None = None
) -> Drawn:
    """Write the pages of `batches` that do not stand already; call `told` with how many are done.

    Uses a process for each processor where there is more than one batch.
    """
    drawn, done = Drawn(), 0
    for result, count in _results(site, batches, workers or len(os.sched_getaffinity(0))):
        drawn.pages |= result.pages
        drawn.done.add(result.done)
        done += count
        told(done)
    return drawn


def _results(site: Site, batches: Sequence[Batch], workers: int) -> Iterator[tuple[Drawn, int]]:
    if workers < 2 or len(batches) < 2:
        yield from map(partial(_draw, site), batches)
        return
    # A process that was forked beside threads of a model, or of DuckDB, may wait for ever.
    context = get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(batches)), context, initializer=gc.disable) as pool:
        try:
            yield from pool.map(partial(_draw_apart, site), batches)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _draw_apart(site: Site, batch: Batch) -> tuple[Drawn, int]:
    """Draw a batch in a process of its own, which collects garbage only when it is done.

    Collecting it again and again while a batch is drawn takes a tenth of the time.
    """
    drawn = _draw(site, batch)
    gc.collect()
    return drawn


def _draw(site: Site, batch: Batch) -> tuple[Drawn, int]:
    drawn = Drawn()
    make = {"claims": _claims, "stories": _stories}[batch.what]
    with closing(open_published(copy_of(site.home, site.config), site.config.ask, threads=1)) as connection:
        for page, inputs, content in make(site, connection, batch):
            standing = batch.standing.get(page)
            if standing and standing.stands(site.root, inputs):
                drawn.pages[page] = standing
                drawn.done.unchanged += len(standing.files)
                continue
            written_page, counts = put(site.root, inputs, content(), batch.left)
            drawn.pages[page] = written_page
            drawn.done.add(counts)
    return drawn, len(batch.ids)


Content = Callable[[], dict[str, bytes]]


def _claims(
    site: Site, connection: duckdb.DuckDBPyConnection, batch: Batch
) -> Iterator[tuple[str, str, Content]]:
    for published in read_claims(connection, batch.ids, seconds=SECONDS):
        case = claim_since(published, site.since)
        review = claimreview.signed_review(case, site.home, site.config.publisher)
        # The other metadata changes each night and says nothing about the claim.
        stable_case = replace(case, meta={"notice": case.meta.get("notice", "")})
        inputs = hashed(drawn_by(), site.links, site.config.publisher, stable_case, review)
        yield f"c/{case.subject.claim_id}", inputs, partial(_claim, site, case, review)


def _claim(site: Site, case: CaseFile, review: dict[str, Any] | None) -> dict[str, bytes]:
    links, publisher = site.links, site.config.publisher
    page, picture, data, frame, *cards = claim_files(case.subject.claim_id, links)
    contents = {
        page: utf8(claim.claim_page(case, links, publisher, review=review)),
        picture: utf8(claim.timeline_svg(case, publisher)),
        data: utf8(claim.statements_csv(case)),
        frame: utf8(embed.claim_embed(case, links, publisher)),
    }
    return contents | {name: card.claim_card(case, publisher) for name in cards}


def _stories(
    site: Site, connection: duckdb.DuckDBPyConnection, batch: Batch
) -> Iterator[tuple[str, str, Content]]:
    shared = (drawn_by(), site.links, site.config.publisher)
    inputs = {f"s/{story_id}": hashed(*shared, inputs_hash) for story_id, inputs_hash in batch.inputs.items()}

    def moved(story_id: str) -> bool:
        page = f"s/{story_id}"
        return page not in batch.standing or not batch.standing[page].stands(site.root, inputs[page])

    stories = {
        f"s/{published.subject.story_id}": story_since(published, site.since)
        for published in read_stories(connection, site.config, list(filter(moved, batch.ids)))
    }
    for page, inputs_hash in inputs.items():
        if page in stories or page in batch.standing:
            yield page, inputs_hash, partial(_story, site, stories.get(page), batch.slips)


def _story(site: Site, story_file: StoryFile | None, dates: Mapping[str, Sequence[Slip]]) -> dict[str, bytes]:
    assert story_file is not None  # it was read, since it does not stand
    publisher, story_id = site.config.publisher, story_file.subject.story_id
    slips = dates.get(story_id, [])
    page, picture, data, *other_files = story_files(story_id, site.links, slips, parts=1)
    contents = {
        page: utf8(story.story_page(story_file, site.links, publisher, slips=slips)),
        picture: utf8(story.story_svg(story_file, publisher)),
        data: utf8(story.claims_csv(story_file)),
    }
    for name in other_files:
        ending = name.partition(".")[2]
        date_chart = story.slip_file(ending, story_file, slips) if ending in story.DATES else None
        contents[name] = card.story_card(story_file, publisher) if date_chart is None else utf8(date_chart)
    for part in range(2, story_file.parts + 1):
        part_page = story.story_part_page(story_file, part, site.links, publisher)
        contents[_part_file(story_id, part, site.links)] = utf8(part_page)
    return contents


def batches_of(
    what: str,
    ids: Iterable[str],
    standing: Mapping[str, Page],
    left: frozenset[str],
    inputs: Mapping[str, str],
    slips: Mapping[str, Sequence[Slip]],
) -> Iterator[Batch]:
    """Yield `ids` in batches, each with what stands for it; `inputs` and `slips` as in `Batch`."""
    folder, size = ("c", CLAIMS) if what == "claims" else ("s", STORIES)
    ordered = sorted(ids)
    for start in range(0, len(ordered), size):
        group = ordered[start : start + size]
        pages = {page: standing[page] for page in (f"{folder}/{key}" for key in group) if page in standing}
        hashes = {key: inputs[key] for key in group if key in inputs}
        yield Batch(what, group, pages, left, hashes, {key: slips[key] for key in group if key in slips})


def hashed(*inputs: object) -> str:
    """Return a hash of what a page is made of."""
    return hashlib.sha256(repr(inputs).encode("utf-8", "surrogatepass")).hexdigest()[:24]


@cache
def drawn_by() -> str:
    """Return a hash of all that draws: another style, or another program, draws every page anew."""
    digest = hashlib.sha256()
    for room in ("pages", "exports", "text"):
        for content in _contents(files("pipeline").joinpath(room)):
            digest.update(content)
    return digest.hexdigest()


def _contents(folder: Traversable) -> Iterator[bytes]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _contents(entry)
        elif entry.name.endswith((".py", ".html", ".css", ".js", ".toml")):
            yield entry.read_bytes()
