"""What happened to sources and texts, as news: edits and deletions, what could not be read, what editors decided."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from dashboard.components import html
from dashboard.components.times import date_words, when
from dashboard.data.today import ChangedText, Cited, Decided, Failing, Tally
from pipeline.text.sanitize import link

DID = {
    "merge": "merged it into another claim",
    "apart": "kept it apart from another claim",
    "split": "split a mention off",
    "move": "moved a mention",
    "stance": "set a stance",
    "status": "set the status",
    "note": "left a note",
    "hide": "hid a claim",
    "undo": "took a decision back",
}


def changed(text: ChangedText, cited: Mapping[str, Cited]) -> str:
    """A document that was edited or that went: how we know, and what rests on it."""
    tags = []
    if text.hedged:
        tags.append(html.tag("hedged or left out, without a note", alert=True))
    if text.gone:
        tags.append(html.tag("deleted", alert=True))
    if text.number and not text.hedged:
        tags.append(html.tag(_edit(text), alert=text.noted is False))
    title = f"“{html.text(text.title, 160)}”, " if text.title else ""
    where = f"{title}{html.source_link(text.source_id, text.source)} · {link(text.url)}"
    told = [f"<li>{html.text(words, 600)}</li>" for words in sorted(text.rewordings or [])[:2]]
    if not told and text.number:
        told = _sentences(text)
    if text.gone:
        if said := cited.get(text.evidence_id):
            told.append(f"<li>It said: <q>{html.text(said.quote, 300)}</q></li>")
        how = f" ({html.text(text.gone_evidence, 200)})" if text.gone_evidence else ""
        told.append(
            f'<li class="rt-soft rt-small">gone {html.between(text.gone_after, text.gone_at) if text.gone_at else ""}{how}</li>'
        )
    if text.number and text.seen_at:
        told.append(
            f'<li class="rt-soft rt-small">edited {html.between(text.unchanged_at, text.seen_at)}</li>'
        )
    others = (
        f' <span class="rt-soft rt-small">and {html.plural(text.claims - 1, "other claim")}</span>'
        if text.claims > 1
        else ""
    )
    rests = f"<p>On it rests {html.claim_link(text.claim_id, text.claim, 200)}{others}</p>"
    return f'<li><div class="rt-row rt-tight">{"".join(tags)}</div><p>{where}</p><ul class="rt-plain rt-words">{"".join(told)}</ul>{rests}</li>'


def _edit(text: ChangedText) -> str:
    what = f"{html.spaced(text.change)} edited" if text.change else "edited, not compared yet"
    note = {True: ", with a note", False: ", without a note", None: ""}[text.noted]
    return what + note


def _sentences(text: ChangedText) -> list[str]:
    found = []
    for label, words in (("went", text.removed), ("came", text.added)):
        if words:
            found.append(f'<li><span class="rt-label">{label}</span> <q>{html.text(words, 300)}</q></li>')
    return found


def failing(source: Failing) -> str:
    """A source that cannot be read, since when and why, or one that is read again."""
    now = source.outcome in ("failed", "partial") or source.ailing
    mark = html.tag("ailing", alert=True) if source.ailing else ""
    if not now:
        state = f"read again; it failed in {html.plural(source.nights, 'night')} since"
    elif source.since:
        state = f"since {when(source.since)}"
    else:
        state = "since its last crawl"
    if source.nights_failed:
        last = f"last read {date_words(source.last_ok_at)}" if source.last_ok_at else "never read"
        state += f" · {html.plural(source.nights_failed, 'night')} in a row, {last}"
    elif source.outcome == "partial":
        state += " · read, but not whole"
    return (
        f'<li><div class="rt-row rt-tight">{html.chip(source.outcome)}{mark}<b>{html.source_link(source.feed, source.source)}</b>'
        f'<span class="rt-soft rt-small">{state}</span></div>{html.paragraph(source.why, 400) if source.why else ""}</li>'
    )


def broken(tally: Tally) -> str:
    """The newest run that broke off."""
    if not tally.broken:
        return ""
    why = html.paragraph(tally.broken_why, 400) if tally.broken_why else ""
    also = f", the newest of {tally.broken:,}" if tally.broken > 1 else ""
    run = f'<a class="rt-in" href="runs?run={quote(tally.broken_run or "", safe="")}">A run did not end well</a>'
    return (
        f'<li><div class="rt-row rt-tight">{html.chip("failed")}<b>{run}</b>'
        f'<span class="rt-soft rt-small">{when(tally.broken_at)}{also}</span></div>{why}</li>'
    )


def decided(item: Decided) -> str:
    """What an editor decided, on which claim and why."""
    did = DID.get(item.kind, html.spaced(item.kind))
    value = (
        f" to {html.text(html.spaced(item.value), 60)}"
        if item.value and item.kind in ("stance", "status")
        else ""
    )
    undone = f" {html.tag('taken back', alert=True)} {when(item.undone_at)}" if item.undone_at else ""
    about = (
        f"<p>{html.claim_link(item.claim_id, item.claim, 200)}</p>" if item.claim_id and item.claim else ""
    )
    return (
        f"<li><p><b>{html.text(item.editor, 60)}</b> {did}{value}{undone} "
        f'<span class="rt-soft rt-small">{when(item.decided_at)}</span></p>{about}'
        f'<p class="rt-soft">{html.text(item.reason, 400)}</p></li>'
    )
