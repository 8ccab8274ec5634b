"""`rumortrail why`: how a claim came about, as a tree from each voice to those that followed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from pipeline.cli.console import styled
from pipeline.cli.options import HomeOption, open_home
from pipeline.core.records import HEARSAY
from pipeline.published.provenance_tree import Behind, Chain, Copy, Follower, Told, arrange, voices

WIDEST = 100  # columns: longer lines are hard to read
FOLDED = 6  # followers of one kind that are shown one by one
NAMED = 4  # of those that are folded
LISTED = 20  # claims that match some words
QUOTE = 280  # characters
FOLLOWS = {
    "link": "links to it",
    "reply": "answers it",
    "repost": "reposts it",
    "quote": "quotes it",
    "attribution": "names it as its source",
    "quotation": "has its words in quotation marks",
    "near_duplicate": "has nearly the same text",
    "same_speaker": "has the same person say it",
}
SIDES = {
    "supports": "Voices that carry it",
    "denies": "Voices against it",
    "questions": "Voices that question it",
}


def why(
    claim: Annotated[list[str], typer.Argument(help="A claim's id, or words that it has.")],
    home: HomeOption = None,
) -> None:
    """Show how a claim came about: who said it, how that is known, and who took it from whom.

    CLAIM is an id, the id of a claim that was merged into another, or words. Exit code 1: several claims have
    these words.

    Example: `rumortrail why aster test sets`
    """
    where, config = open_home(home)
    console = Console()
    console.width = min(console.width, WIDEST)
    copy = Copy(where.published, config.ask)
    found = copy.find(" ".join(claim))
    if isinstance(found, list):
        for part in _several(found):
            console.print(part)
        raise typer.Exit(1)
    for part in pages(found):
        console.print(part)


def pages(chain: Chain) -> Iterator[RenderableType]:
    """The parts of the answer, from top to bottom."""
    claim = chain.claim
    yield Text(plain(claim["claim"]), style="bold")
    yield Text.assemble(
        f"{claim['claim_id']}  ",
        Text.from_markup(styled(claim["status"])),
        "" if claim["score"] is None else f", score {claim['score']:.2f}",
        f", {_count(claim['voices'], 'independent voice')}"
        f"; importance {claim['importance'] or 0:.2f}"
        f" ({', '.join(claim['importance_why'] or ())})",
    )
    if chain.old_id:
        yield Text(f"{plain(chain.old_id)} was merged into it.")
    yield Text(plain(claim["reason"] or "It was not judged yet."))
    if claim["would_change"]:
        yield Text(f"What would change it: {plain(claim['would_change'])}", style="dim")
    for side, title in SIDES.items():
        trees = [_tree(voice, chain) for voice in voices(chain, side)]
        if trees:
            yield Text(f"\n{title} ({len(trees)})", style="bold")
            for number, tree in enumerate(trees):
                yield from (Text(), tree) if number else (tree,)
    if rumours := [told for told in chain.told if told.voice == HEARSAY]:
        yield Text(
            f"\nRumour, with nobody behind it: no voice ({_count(len(rumours), 'document')})", style="bold"
        )
        yield Padding(
            Group(*map(_rumour, rumours[:FOLDED]), *_rest([told.source for told in rumours[FOLDED:]])),
            (0, 0, 0, 2),
            expand=False,
        )
    if chain.blind_spots:
        yield Text("\nCould not be read while it moved: what they said of it may be missing", style="bold")
        yield Padding(
            Group(
                *map(_blind, chain.blind_spots[:LISTED]),
                *_rest([s["source"] for s in chain.blind_spots[LISTED:]]),
            ),
            (0, 0, 0, 2),
            expand=False,
        )


def _several(found: Sequence[dict[str, Any]]) -> Iterator[RenderableType]:
    yield Text(f"{_count(len(found), 'claim')} match; ask for one by its id:", style="bold")
    for claim in found[:LISTED]:
        yield Text.assemble(
            f"{claim['claim_id']}  ",
            Text.from_markup(styled(claim["status"])),
            f", {_count(claim['mentions'], 'mention')}",
        )
        yield Padding(Text(plain(claim["claim"])), (0, 0, 0, 4), expand=False)
    if len(found) > LISTED:
        yield Text(f"and {len(found) - LISTED} more")


def _tree(voice: list[Told], chain: Chain) -> Tree:
    heads, rest = [t for t in voice if t.independent], [t for t in voice if not t.independent]
    tree = Tree(Group(*_root(voice, heads, chain)), guide_style="dim")
    followers = arrange(heads, rest, chain.signs)
    for head in heads[1:]:
        _grow(tree.add(Group(*_head(head))), followers.pop(head.document_id, []))
    for left in followers.values():
        _grow(tree, left)
    return tree


def _root(voice: list[Told], heads: list[Told], chain: Chain) -> Iterator[Text]:
    """The voice's own first words; where none are stored its name, and why that is all."""
    if heads:
        yield from _head(heads[0])
        return
    origin = chain.behind.get(voice[0].origin_document_id or "")
    where = (
        f"{plain(origin.source)}, {plain(origin.url or origin.document_id)}"
        if origin
        else "its words are not stored"
    )
    yield Text.assemble((plain(voice[0].voice_name), "bold"), f" ({where})")
    if origin:
        yield from _fate(origin)


def _grow(tree: Tree, followers: Iterable[Follower]) -> None:
    """Add followers below; many of one kind that nobody follows in turn are folded into a line."""
    kinds: dict[str, list[Follower]] = defaultdict(list)
    for one in followers:
        kinds[one.sign.kind if one.sign else ""].append(one)
    for kind, ones in kinds.items():
        shown = 1 if kind == "near_duplicate" else FOLDED
        leaves = [one for one in ones if not one.followers]
        folded = leaves[shown:] if len(leaves) > shown + 1 else []
        for one in ones:
            if one not in folded:
                _grow(tree.add(Group(*_follower(one))), one.followers)
        if folded:
            names = _names([one.told.source for one in folded])
            gone = sum(one.told.gone_at is not None for one in folded)
            tree.add(
                Text(
                    f"and {len(folded)} more {_verb(kind)}: {names}{f' ({gone} of them deleted)' if gone else ''}"
                )
            )


def _head(told: Told) -> Iterator[Text]:
    who = told.source if told.speaker in (None, told.source) else f"{told.speaker}, in {told.source}"
    yield Text.assemble((plain(who), "bold"), f" ({told.platform}) {told.stance} it, {_when(told)}")
    yield Text(f"“{_cut(told.quote)}”")
    yield from _fate(told)
    if told.voice_reason:
        yield Text(plain(told.voice_reason), style="dim")
    if told.url:
        yield Text(plain(told.url), style="dim")


def _follower(one: Follower) -> Iterator[Text]:
    how = FOLLOWS.get(one.sign.kind, one.sign.kind) if one.sign else plain(one.told.voice_reason or "")
    words = one.sign.words if one.sign else None
    if one.sign and one.sign.kind == "near_duplicate":
        how, words = f"{how} ({plain(words or '')})", None
    elif not words or words.startswith("http"):  # an address says no more than the kind does
        words = None
    stance = "" if one.told.stance in ("supports", "reports") else f" {one.told.stance} it,"
    yield Text.assemble((plain(one.told.source), "bold"), f" ({one.told.platform}){stance} {_when(one.told)}")
    yield Text(f"{how}: “{_cut(words)}”" if words else how)
    yield from _fate(one.told)


def _fate(told: Told | Behind) -> Iterator[Text]:
    if told.gone_at:
        yield Text(f"DELETED: found gone {_day(told.gone_at)}", style="red")
    if told.edited_at:
        yield Text(
            f"EDITED since: {_day(told.edited_at)}; `rumortrail edits` tells what changed", style="yellow"
        )


def _rumour(told: Told) -> Text:
    return Text.assemble(
        (plain(told.source), "bold"),
        f" ({told.platform}) {_when(told)}: “{_cut(told.quote)}”",
        *(f" {t}" for t in _fate(told)),
    )


def _blind(spot: dict[str, Any]) -> Text:
    until = f"to {_day(spot['until'])}" if spot["until"] else "and still is"
    message = f": {plain(spot['message'])}" if spot["message"] else ""
    return Text.assemble(
        (plain(spot["source"]), "bold"),
        f" {spot['kind'].replace('_', ' ')} from {_day(spot['since'])} {until}{message}",
    )


def _when(told: Told) -> str:
    if told.said_at is None:
        return f"at a time that is not known; seen {_day(told.seen_at)}"
    form = {"second": "%Y-%m-%d %H:%M UTC", "month": "%Y-%m", "year": "%Y"}.get(
        told.said_precision, "%Y-%m-%d"
    )
    said = f"{told.said_at:{form}}"
    if told.said_precision == "quarter":
        said = f"{told.said_at.year} Q{(told.said_at.month + 2) // 3}"
    return f"{said} ({told.published_from.replace('_', ' ')})"


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _verb(kind: str) -> str:
    """As FOLLOWS, of several."""
    verb, _, object_ = FOLLOWS.get(kind, "passes it on").partition(" ")
    plural = {"has": "have", "passes": "pass"}.get(
        verb, verb.removesuffix("ies") + "y" if verb.endswith("ies") else verb.removesuffix("s")
    )
    return f"that {plural} {object_}"


def _rest(sources: Sequence[str]) -> list[Text]:
    return [Text(f"and {len(sources)} more: {_names(sources)}")] if sources else []


def _names(sources: Iterable[str]) -> str:
    names = list(dict.fromkeys(map(plain, sources)))
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} others" if len(names) > NAMED else "")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _cut(text: str) -> str:
    flat = plain(text)
    return flat if len(flat) <= QUOTE else f"{flat[:QUOTE]}…"


def plain(text: str) -> str:
    """A stranger's text for a terminal: one line; nothing moves the cursor or turns the direction of writing."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
