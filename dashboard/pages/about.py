"""About: what the words mean, how a claim comes to its status, and what this cannot know."""

from __future__ import annotations

import streamlit as st

from dashboard import pieces, queries
from dashboard.clock import when
from dashboard.queries import Copy
from pipeline.harmless import line

_METHOD = """
<h2>How a claim comes to its status</h2>
<p>Every night the configured sources are read, politely and within their rules. In each new text the sentences are found
that claim something about an AI model or who makes it. What is said is kept apart from who says it, how surely, and
whether it is denied, so that a denial meets the claim that it denies. Claims that name another version, another number
or another date stay apart and are shown as rivals.</p>
<p>Each mention takes a stance, with the words that gave it away:</p>
<dl>{stances}</dl>
<p>Then each mention is traced to the voice it comes from, along links, replies, quotations, words such as “according to”,
and texts that are nearly the same. <b>Twenty outlets that quote one post are one voice.</b> A ladder of rules over the
independent voices, their roles and primary documents (a model page, a release) gives the status:</p>
<dl>{statuses}</dl>
<p>A denial by the accused is shown as a denial; it is never counted as a refutation. Every status names the evidence that
moved it and says what would change it. An editor can overrule the machine; both words stay visible.</p>
"""

_STANCES = {
    "supports": "it says that the claim is so",
    "denies": "it says that the claim is not so",
    "questions": "it doubts or asks",
    "reports": "it tells of the claim and takes no side, or we could not tell which",
}

_LIMITS = """
<h2>What this cannot know</h2>
<ul>
<li>It sees only the sources that are configured, and only what they show in public. “First” means first of all we have stored.</li>
<li>A source that failed last night is missing from it; <a class="rt-in" href="runs">Runs</a> names each one.</li>
<li>Dates are never guessed. Where a page does not say when it was written, the time is shown as unknown.</li>
<li>Finding claims, joining mentions and reading stances is done by models, and models err. The quote is always there to be read.</li>
<li>“Support” weighs the voices for a claim against all voices on it, from 0 to 1. It orders claims; it is no probability of truth.</li>
</ul>
"""


def show(copy: Copy) -> None:
    """Draw the page."""
    st.set_page_config(page_title="About · Rumortrail")
    facts, totals = queries.meta(copy), queries.totals(copy)
    statuses = "".join(
        f"<dt>{pieces.chip(word)}</dt><dd>{meaning}</dd>" for word, meaning in pieces.STATUS_WORDS.items()
    )
    stances = "".join(
        f"<dt>{pieces.stance(word)}</dt><dd>{meaning}</dd>" for word, meaning in _STANCES.items()
    )
    st.html(
        '<div class="rt-prose"><h1>About</h1><p class="rt-lead">Rumortrail '
        "follows claims about AI models from the first rumour to their "
        "substantiation or contradiction, from stored evidence that anybody can check.</p>"
        + _METHOD.format(statuses=statuses, stances=stances)
        + _LIMITS
        + "<h2>What is stored here</h2></div>"
    )
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
    undated = f" {pieces.plural(totals.undated, 'document')} without a known date." if totals.undated else ""
    st.html(
        f'<div class="rt-stats">{numbers}</div><div class="rt-prose"><p>Published '
        f"between {when(totals.oldest, 'day')} and {when(totals.newest, 'day')}, "
        f"collected since {when(totals.since, 'day')}.{undated}</p><p>Version "
        f"{line(facts.get('version', 'unknown'), 40)}; the copy comes from run "
        f"{line(facts.get('run_id', 'unknown'), 60)}. "
        "Everything shown here can be asked in SQL: <code>rumortrail ask</code>.</p></div>"
    )
