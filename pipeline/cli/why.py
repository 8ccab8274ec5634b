"""`rumortrail why`: how a claim came about, as a tree from each voice to those that followed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, TypeVar

import typer
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from pipeline.cli.console import styled
from pipeline.cli.options import HomeOption, open_home
from pipeline.core.text import counted, one_line, printable, shorten, speaker_in
from pipeline.core.vocabulary import HEARSAY, EdgeKind, Part, Precision, Stance
from pipeline.exports.overtaken import current_claim
from pipeline.published.claim import EXTENTS, OUTAGES, CaseFile, find_claim
from pipeline.published.claim_rows import Document, Evidence, FirstWords, Match, Outage, Resolution
from pipeline.published.database import open_published
from pipeline.published.place import copy_of
from pipeline.published.provenance_tree import Branch, follows, grow

WIDEST = 100  # columns: longer lines are hard to read
FOLDED = 6  # followers of one kind that are shown one by one
NAMED = 4  # of those that are folded
LISTED = 20  # claims that match some words
QUOTE = 280  # characters
SIDES = {
    Stance.SUPPORTS: "Voices that carry it",
    Stance.DENIES: "Voices against it",
    Stance.QUESTIONS: "Voices that question it",
}
Item = TypeVar("Item", Evidence, FirstWords, Outage)
FIRST = 6  # of those who said it first at about the same time


def why(
    claim: Annotated[list[str], typer.Argument(help="A claim's id, or words that it has.")],
    home: HomeOption = None,
) -> None:
    """Show how a claim came about: who said it, how that is known, and who took it from whom.

    CLAIM is an id, the id of a claim that was merged into another, or words. Exit code 1: several claims have
    these words.

    Example: `rumortrail why aster test sets`
    """
    home_folder, config = open_home(home)
    console = Console()
    console.width = min(console.width, WIDEST)
    case = find_claim(home_folder, config, " ".join(claim))
    if isinstance(case, list):
        for part in _several(case):
            console.print(part)
        raise typer.Exit(1)
    with open_published(copy_of(home_folder, config), config.ask) as connection:
        case = current_claim(case, connection, home_folder, seconds=config.ask.seconds)
    for part in parts_of(case):
        console.print(part)


def parts_of(case: CaseFile) -> Iterator[RenderableType]:
    """Yield the parts of the answer, from top to bottom."""
    claim = case.subject
    yield Text(plain(claim.claim), style="bold")
    yield Text.assemble(
        f"{claim.claim_id}  ",
        Text.from_markup(styled(claim.status)),
        "" if claim.score is None else f", score {claim.score:.2f}",
        f", {counted(claim.voices, 'independent voice')}",
        f"; importance {claim.importance:.2f} ({', '.join(claim.importance_why or ())})"
        if claim.importance is not None else "",
    )
    if case.asked_id:
        yield Text(f"{plain(case.asked_id)} was merged into it.")
    for join in case.joins:
        yield Text(f"{plain(join.joined_id)} “{plain(join.claim)}” was joined to it by the machine on "
                   f"{_day(join.joined_at)}: both say the same "
                   f"({plain(join.model)}, {min(join.forward, join.backward):.2f}).")
    if claim.followed_by and claim.followed_since:
        yield Text(f"Followed by {plain(claim.followed_by)} since {_day(claim.followed_since)}: "
                   f"{plain(claim.followed_why or '')}")
    unjudged = "It has not been judged yet." if claim.mentions else "No evidence on it is stored yet."
    yield Text(plain(claim.reason or unjudged))
    if claim.would_change:
        yield Text(f"What would change it: {plain(claim.would_change)}", style="dim")
    if len(case.first) > 1:
        title = f"Said first by one of these {len(case.first):,}, at about the same time"
        yield from _listed(title, case.first, _first, FIRST)
    yield from _resolution(case.resolutions)
    statements = _one_each(case.statements)
    for side, title in SIDES.items():
        trees = [_tree(voice, case) for voice in _voices(statements, side)]
        if trees:
            yield Text(f"\n{title} ({len(trees)})", style="bold")
            for number, tree in enumerate(trees):
                yield from (Text(), tree) if number else (tree,)
    rumours = [statement for statement in statements if statement.voice_key == HEARSAY]
    untraced = [mention for mention in statements if not mention.is_voice and mention.voice_key != HEARSAY]
    for title, listed in (
        ("Rumour that nobody stands behind: it counts as no voice", rumours),
        ("Not yet traced to its origin, so it counts as no voice", untraced),
    ):
        yield from _listed(f"{title} ({counted(len(listed), 'document')})", listed, _rumour, FOLDED)
    title = "Sources that could not be read while the claim moved: what they said may be missing"
    yield from _listed(title, case.outages, _outage, LISTED)


def _resolution(texts: Sequence[Resolution]) -> Iterator[RenderableType]:
    for version in texts:
        title = (
            "How it will be resolved" if version.number == 1 else f"Added since then ({plain(version.why)})"
        )
        yield Text(f"\n{title}: written {_day(version.written_at)}, {plain(version.rules)}", style="bold")
        for line in version.text.splitlines():
            yield Padding(Text(plain(line)), (0, 0, 0, 2), expand=False)


def _one_each(statements: Iterable[Evidence]) -> list[Evidence]:
    """Return one statement of each document, stance and voice: the voice's own, else the text's first."""
    best: dict[tuple[str, ...], Evidence] = {}
    for statement in sorted(
        statements, key=lambda e: (not e.independent, e.part is Part.TITLE, e.start_char)
    ):
        best.setdefault((statement.document_id, statement.stance, statement.voice_key), statement)
    return sorted(best.values(), key=lambda e: (e.said_at or e.seen_at, e.document_id, e.stance, e.voice_key))


def _voices(statements: Iterable[Evidence], side: Stance) -> list[list[Evidence]]:
    """Return what each voice of that side and those that pass it on say, the earliest voice first."""
    voices: dict[str, list[Evidence]] = defaultdict(list)
    for statement in statements:
        if statement.is_voice and side is (Stance.SUPPORTS if statement.carries else statement.stance):
            voices[statement.voice_key].append(statement)
    return list(voices.values())


def _several(matches: Sequence[Match]) -> Iterator[RenderableType]:
    yield Text(f"{counted(len(matches), 'claim')} match; ask for one by its id:", style="bold")
    for claim in matches[:LISTED]:
        status, mentions = Text.from_markup(styled(claim.status)), counted(claim.mentions, "mention")
        yield Text.assemble(f"{claim.claim_id}  ", status, f", {mentions}")
        yield Padding(Text(plain(claim.claim)), (0, 0, 0, 4), expand=False)
    if len(matches) > LISTED:
        yield Text(f"and {len(matches) - LISTED} more")


def _tree(voice: list[Evidence], case: CaseFile) -> Tree:
    """Return a tree of the voice's own words with what follows them; the rest stands under the voice."""
    own = {statement.document_id: statement for statement in voice if statement.independent}
    statements = {statement.document_id: statement for statement in voice} | own
    origins = [
        statement.origin_document_id for statement in voice if statement.origin_document_id in case.documents
    ]
    # An origin that is not stored or does not speak to the claim counts after the voice's own documents.
    signs = sorted(case.signs, key=lambda sign: sign.origin_document_id not in statements)
    branches = grow(dict.fromkeys([*statements, *filter(None, origins)]), signs, own)
    tree = Tree(Group(*_root(voice, list(own.values()), case)), guide_style="dim")
    remaining: list[Branch] = []
    for number, branch in enumerate(sorted(branches, key=lambda branch: branch.key not in own)):
        if branch.key in own:
            head = own[branch.key]
            subtree = tree.add(Group(*_head(head, case))) if number else tree
            _grow(subtree, branch.followers, statements, case)
        else:
            remaining += [branch] if branch.key in statements else branch.followers
    order = list(statements)
    _grow(tree, sorted(remaining, key=lambda branch: order.index(branch.key)), statements, case)
    return tree


def _root(voice: list[Evidence], heads: list[Evidence], case: CaseFile) -> Iterator[Text]:
    """Yield the voice's own first words; where none are stored its name, and why that is all."""
    if heads:
        yield from _head(heads[0], case)
        return
    origin = case.documents.get(voice[0].origin_document_id or "")
    if origin:
        place = f"{plain(origin.source)}, {plain(origin.url or origin.document_id)}"
    else:
        place = "its words are not stored"
    yield Text.assemble((plain(voice[0].voice_name), "bold"), f" ({place})")
    if origin:
        yield from _fate(origin)


def _grow(tree: Tree, branches: Iterable[Branch], statements: dict[str, Evidence], case: CaseFile) -> None:
    """Add followers below; many of one kind that nobody follows in turn are folded into a line."""
    kinds: dict[EdgeKind | None, list[Branch]] = defaultdict(list)
    for branch in branches:
        kinds[branch.sign.kind if branch.sign else None].append(branch)
    for kind, siblings in kinds.items():
        shown_count = 1 if kind is EdgeKind.NEAR_DUPLICATE else FOLDED
        leaves = [branch for branch in siblings if not branch.followers]
        folded = leaves[shown_count:] if len(leaves) > shown_count + 1 else []
        for branch in siblings:
            if branch not in folded:
                group = Group(*_follower(branch, statements[branch.key], case))
                _grow(tree.add(group), branch.followers, statements, case)
        if folded:
            folded_statements = [statements[branch.key] for branch in folded]
            gone = sum(statement.gone_at is not None for statement in folded_statements)
            verb = follows(kind, many=True) if kind else "pass it on"
            deleted = f" ({gone} of them deleted)" if gone else ""
            tree.add(Text(f"and {len(folded)} more that {verb}: {_names(folded_statements)}{deleted}"))


def _head(head: Evidence, case: CaseFile) -> Iterator[Text]:
    claim_part = "a part of it" if head.in_part else "it"
    yield Text.assemble(
        (plain(speaker_in(head.speaker, head.source)), "bold"),
        f" ({head.platform}) {head.stance} {claim_part}, {_when(head)}"
    )
    yield Text(f"“{_cut(head.quote)}”")
    yield from _fate(case.documents[head.document_id])
    for words in (head.voice_reason, head.url):
        if words:
            yield Text(plain(words), style="dim")


def _follower(branch: Branch, evidence: Evidence, case: CaseFile) -> Iterator[Text]:
    sign = branch.sign
    how = follows(sign.kind) if sign else plain(evidence.voice_reason or "")
    words = sign.words if sign else None
    if sign and sign.kind is EdgeKind.NEAR_DUPLICATE:
        how, words = f"{how} ({plain(words or '')})", None
    elif not words or words.startswith("http"):  # an address says no more than the kind does
        words = None
    stance = "" if evidence.carries else f" {evidence.stance} it,"
    yield Text.assemble((plain(evidence.source), "bold"), f" ({evidence.platform}){stance} {_when(evidence)}")
    yield Text(f"{how}: “{_cut(words)}”" if words else how)
    yield from _fate(case.documents[evidence.document_id])


def _fate(document: Document) -> Iterator[Text]:
    if document.extent in EXTENTS:
        yield Text(f"READ: {EXTENTS[document.extent]}", style="yellow")
    if document.gone_at:
        yield Text(f"DELETED: found deleted {_day(document.gone_at)}", style="red")
    if document.edited_at:
        edited = _day(document.edited_at)
        yield Text(f"EDITED since: {edited}; `rumortrail edits` shows what changed", style="yellow")


def _listed(
    title: str, items: Sequence[Item], render: Callable[[Item], Text], limit: int
) -> Iterator[RenderableType]:
    if not items:
        return
    yield Text(f"\n{title}", style="bold")
    hidden = items[limit:]
    more = [Text(f"and {len(hidden)} more: {_names(hidden)}")] if hidden else []
    yield Padding(Group(*map(render, items[:limit]), *more), (0, 0, 0, 2), expand=False)


def _first(first: FirstWords) -> Text:
    return Text.assemble(
        (plain(first.name), "bold"), f" ({first.platform}) {_said(first)}: “{_cut(first.quote)}”"
    )


def _rumour(evidence: Evidence) -> Text:
    gone = f" DELETED: found deleted {_day(evidence.gone_at)}" if evidence.gone_at else ""
    words = f" ({evidence.platform}) {_when(evidence)}: “{_cut(evidence.quote)}”"
    return Text.assemble((plain(evidence.source), "bold"), words, (gone, "red"))


def _outage(outage: Outage) -> Text:
    since = _day(outage.since)
    when = f"from {since} to {_day(outage.until)}" if outage.until else f"since {since}, and still"
    message = f" ({plain(outage.message)})" if outage.message else ""
    kind = OUTAGES.get(outage.kind) or outage.kind.replace("_", " ")
    return Text.assemble((plain(outage.source), "bold"), f": {kind}, {when}{message}")


def _when(evidence: Evidence) -> str:
    if evidence.said_at is None and evidence.said_earliest is not None:
        return f"between {_day(evidence.said_earliest)} and {_day(evidence.seen_at)}, when it was seen"
    return _said(evidence) + (f" ({evidence.published_from.replace('_', ' ')})" if evidence.said_at else "")


def _said(statement: Evidence | FirstWords) -> str:
    if statement.said_at is None:
        return f"at an unknown time; seen {_day(statement.seen_at)}"
    forms = {Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}
    text = f"{statement.said_at:{forms.get(statement.said_precision, '%Y-%m-%d %H:%M UTC')}}"
    if statement.said_precision is Precision.QUARTER:
        text = f"{statement.said_at.year} Q{(statement.said_at.month + 2) // 3}"
    return text


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _names(items: Iterable[Evidence | FirstWords | Outage]) -> str:
    names = list(dict.fromkeys(plain(item.source) for item in items))
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} others" if len(names) > NAMED else "")


def _cut(text: str) -> str:
    return shorten(plain(text), QUOTE)


def plain(text: str) -> str:
    """Return a stranger's text as one line in which nothing moves the cursor or turns the writing."""
    return one_line(printable(text, keep="\t\r\n"))
