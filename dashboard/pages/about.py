"""About: how a claim comes to its status, what the words mean, what is stored and since when, and what this cannot know."""

from __future__ import annotations

import streamlit as st

from dashboard import about_words, pieces, queries, subjects
from dashboard.clock import when
from dashboard.queries import LISTED, Copy
from dashboard.rows.about import LastRead
from dashboard.rows.meta import Totals
from pipeline.harmless import line
from pipeline.ladder import RULES, VERSION
from pipeline.records import Rung
from pipeline.releases import RUNG_WORDS

# What made this copy: the key in `meta`, and what it is.
_PARTS = {
    "language_model": "finds claims and knows names",
    "embedding_model": "compares what is said",
    "stance_model": "reads stances",
}


def show(copy: Copy) -> None:
    """Draw the page."""
    st.set_page_config(page_title="About · Rumortrail")
    facts, totals = queries.meta(copy), queries.totals(copy)
    st.html(
        '<div class="rt-prose"><h1>About</h1><p class="rt-lead">Rumortrail '
        "follows claims about AI models from the first rumour to their "
        "substantiation or contradiction, from stored evidence that anybody can check.</p>"
        f"{about_words.CONTENTS}{_words()}</div>"
    )
    st.html(_ladder(facts) + _releases())
    st.html(
        f'<div class="rt-prose"><h2 id="data">What is stored here</h2></div>{_numbers(totals)}{_dates(totals)}'
    )
    st.html(_sources(queries.read(copy, LastRead, "about", "health", limit=LISTED)))
    st.html(
        f'<div class="rt-prose">{_versions(facts)}{about_words.LIMITS}{about_words.MEASURED}{about_words.PRIVACY}</div>'
    )


def _words() -> str:
    statuses = "".join(
        f"<dt>{pieces.chip(word)}</dt><dd>{meaning}</dd>" for word, meaning in pieces.STATUS_WORDS.items()
    )
    stances = "".join(
        f"<dt>{pieces.stance(word)}</dt><dd>{meaning}</dd>" for word, meaning in about_words.STANCES.items()
    )
    return about_words.METHOD.format(statuses=statuses, stances=stances, voices=about_words.VOICES)


def _ladder(facts: dict[str, str]) -> str:
    """The rules in their order, as the judging has them."""
    needed = int(facts.get("corroborating_voices", "2"))
    rows = "".join(
        f'<li><div class="rt-row rt-tight">{pieces.chip(rule.status) if rule.status else pieces.tag("as decided")}'
        f'<code class="rt-small">{rule.id}</code></div><p>{line(rule.holds_when(needed), 1_000)}</p>'
        f'<p class="rt-small rt-soft">What would change it: {line(rule.would_change, 400)}</p></li>'
        for rule in RULES
    )
    return (
        '<div class="rt-prose"><h2 id="ladder">The ladder of rules</h2><p>For each claim the evidence is replayed in the order in '
        "which it was said. After each piece the rules are asked from the top, and the first that holds decides where "
        f'the claim stands.</p><ol class="rt-rules">{rows}</ol></div>'
    )


def _releases() -> str:
    """The rungs of a release, the lowest first."""
    head = [("Rung", False), ("Asked for by", False), ("Shown by", False)]
    body = (
        (f"<b>{subjects.rung_words(rung)}</b>", line(RUNG_WORDS[rung][0]), line(RUNG_WORDS[rung][1]))
        for rung in Rung
    )
    return (
        '<div class="rt-prose"><h2 id="releases">The rungs of a release</h2><p>A claim about a release asks for one rung, read from '
        "its words; a lower rung never shows a higher one, and open weights are no API.</p>"
        f'<div class="rt-rungs">{pieces.table(head, body)}</div></div>'
    )


def _numbers(totals: Totals) -> str:
    cells = [
        (totals.claims, "claims"),
        (totals.evidence, "mentions"),
        (totals.documents, "documents"),
        (totals.sources, "sources"),
    ]
    numbers = "".join(
        f'<div><b>{number:,}</b><span class="rt-soft rt-small">{label}</span></div>'
        for number, label in cells
    )
    return f'<div class="rt-stats">{numbers}</div>'


def _dates(totals: Totals) -> str:
    if not totals.documents:
        return '<div class="rt-prose"><p>No document is stored yet.</p></div>'
    share = totals.undated / totals.documents
    undated = (
        f"{pieces.plural(totals.undated, 'document')} without a known date, {share:.1%} of all."
        if totals.undated
        else "Every document has a known date."
    )
    return (
        f'<div class="rt-prose"><p>The oldest document is of {when(totals.oldest, "day")}, the newest of '
        f"{when(totals.newest, 'day')}; collected since {when(totals.since, 'day')}. {undated}</p></div>"
    )


def _sources(found: list[LastRead]) -> str:
    if not found:
        return (
            '<div class="rt-prose"><p>No source was ever read: what is stored was put in by hand.</p></div>'
        )
    total, well = found[0].total, found[0].well
    cut = f" The {LISTED} that were not read for longest." if total > len(found) else ""
    head = [("Source", False), ("Last read", False), ("Its last crawl", False)]
    body = (
        (
            pieces.source_link(item.feed, item.source),
            when(item.last_ok_at) if item.last_ok_at else "never",
            f"{pieces.chip(item.outcome)} {pieces.tag('ailing', alert=True) if item.ailing else ''}",
        )
        for item in found
    )
    return (
        f'<div class="rt-prose"><p>{well:,} of {pieces.plural(total, "source")} could be read whole the last time they were asked; '
        'what the others said since is missing.</p></div><details class="rt-last-read"><summary>When each source was last '
        f'read</summary><p class="rt-small rt-soft">{cut}</p>{pieces.table(head, body)}</details>'
    )


def _versions(facts: dict[str, str]) -> str:
    parts = "".join(
        f"<dt>{what}</dt><dd><code>{'</code> <code>'.join(line(part, 80) for part in facts[key].split('+'))}</code></dd>"
        for key, what in _PARTS.items()
        if key in facts
    )
    return (
        '<h2 id="versions">Versions</h2>'
        f"<dl><dt>Rumortrail</dt><dd><code>{line(facts.get('version', 'unknown'), 40)}</code></dd>"
        f"<dt>rules</dt><dd><code>{line(VERSION, 40)}</code></dd>{parts}"
        f"<dt>this copy</dt><dd>of run <code>{line(facts.get('run_id', 'unknown'), 60)}</code></dd></dl>"
        "<p>A name that ends in letters and digits ends in the hash of what it names: weights, or the list of known names.</p>"
    )
