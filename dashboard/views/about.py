"""The page About: how a claim comes to its status, what words mean, what is stored, and what this cannot
know.

What changes with the rules or the data is read from the published copy.
"""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from dashboard.components import entities, health, html
from dashboard.components.filters import LISTED
from dashboard.components.times import when
from dashboard.data import queries
from dashboard.data.about import Founded, LastRead, ReleaseStage, Rule
from dashboard.data.meta import Totals
from dashboard.data.queries import Copy
from pipeline.core.text import counted
from pipeline.exports.wording import STATUS_WORDS
from pipeline.text.sanitize import line

# What made this copy: the key in `meta`, and what it is.
_PARTS = {
    "language_model": "finds claims and knows names",
    "embedding_model": "compares what is said",
    "stance_model": "reads stances",
    "second_reader": "gives second opinions",
}


def show(copy: Copy) -> None:
    """Draw the page."""
    st.set_page_config(page_title="About · Rumortrail")
    facts, totals = queries.meta(copy), queries.totals(copy)
    st.html(
        '<div class="rt-prose"><h1>About</h1><p class="rt-lead">Rumortrail '
        "follows claims about AI models from the first rumour to their "
        "substantiation or contradiction, from stored evidence that anybody can check.</p>"
        f"{CONTENTS}{_words()}</div>"
    )
    tables = queries.names(copy, "about", "tables")
    rules = queries.read(copy, Rule, "about", "rules") if "rules" in tables else []
    has_stages = "release_stages" in tables
    stages = queries.read(copy, ReleaseStage, "about", "release_stages") if has_stages else []
    foundings = queries.read(copy, Founded, "about", "foundings") if "foundings" in tables else []
    st.html(_founded(foundings) + _rules(rules) + _releases(stages))
    st.html(
        f'<div class="rt-prose"><h2 id="data">What is stored '
        f'here</h2></div>{_numbers(totals)}{_dates(totals)}'
    )
    st.html(_sources(queries.read(copy, LastRead, "about", "health", limit=LISTED)))
    st.html(
        f'<div class="rt-prose">{_versions(facts, rules)}{LIMITS}{MEASURED}{PRIVACY}</div>'
    )


def _words() -> str:
    statuses = "".join(
        f"<dt>{html.chip(word)}</dt><dd>{meaning}</dd>" for word, meaning in STATUS_WORDS.items()
    )
    stances = "".join(
        f"<dt>{html.stance(word)}</dt><dd>{meaning}</dd>" for word, meaning in STANCES.items()
    )
    return METHOD.format(statuses=statuses, stances=stances, voices=VOICES)


def _founded(told: list[Founded]) -> str:
    """Return how many sentences founded no claim, and why, as HTML."""
    sentences = [row for row in told if row.unit == "sentence"]
    passages = [row for row in told if row.unit == "passage"]
    judged, unread = sum(row.amount for row in sentences), sum(row.amount for row in passages)
    withheld = judged - sum(row.amount for row in sentences if row.outcome == "founds")
    if not told:
        listed = f"<p>{OLDER.format('numbers')}</p>"
    elif not judged + unread:
        listed = "<p>No text was read for claims yet.</p>"
    else:
        listed = (
            f"<p><b>{withheld:,} of {counted(judged, 'sentence')} withheld:</b></p>{_counts(sentences)}"
            "<p>A passage is a sentence or a short post that has a known name, or stands where one was "
            f"given. <b>No sentence could be taken from {counted(unread, 'passage')}:</b></p>"
            f"{_counts(passages)}"
        )
    return f'<div class="rt-prose">{FOUNDING}{listed}</div>'


def _counts(rows: list[Founded]) -> str:
    """Return the rows of what founded no claim, the first reason first, as a table."""
    head = [("Number", True), ("Why", False)]
    body = ((f"{row.amount:,}", html.line(row.meaning)) for row in rows if row.outcome != "founds")
    return f'<div class="rt-rungs">{html.table(head, body)}</div>'


def _rules(rules: list[Rule]) -> str:
    """Return the rules in the order in which they are asked, as HTML."""
    rows = "".join(
        f'<li><div class="rt-row '
        f'rt-tight">{html.chip(rule.status) if rule.status else html.tag("as decided")}'
        f'<code class="rt-small">{line(rule.rule)}</code></div><p>{line(rule.holds_when, 1_000)}</p>'
        f'<p class="rt-small rt-soft">What would change it: {line(rule.would_change, 400)}</p></li>'
        for rule in rules
    )
    listed = f'<ol class="rt-rules">{rows}</ol>' if rules else f"<p>{OLDER.format('rules')}</p>"
    return (
        '<div class="rt-prose"><h2 id="rules">The rules</h2><p>For each claim the evidence is replayed in '
        "the order in which it was said. After each piece the rules are tried from the top, and the first "
        f"that applies sets the claim’s status.</p>{listed}</div>"
    )


def _releases(stages: list[ReleaseStage]) -> str:
    """Return the stages of a release, the lowest first, as HTML."""
    head = [("Stage", False), ("Asked for by", False), ("Shown by", False)]
    body = (
        (
            Markup("<b>{}</b>").format(entities.stage_words(stage.rung)),
            html.line(stage.asked_for_by),
            html.line(stage.shown_by),
        )
        for stage in stages
    )
    table = html.table(head, body)
    listed = f'<div class="rt-rungs">{table}</div>' if stages else f"<p>{OLDER.format('stages')}</p>"
    return (
        '<div class="rt-prose"><h2 id="releases">The stages of a release</h2><p>A claim about a release '
        "needs one stage, which its words name; a lower stage never proves a higher one, and open weights "
        f"are not an API.</p>{listed}</div>"
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
        f"{counted(totals.undated, 'document')} without a known date, {share:.1%} of all."
        if totals.undated
        else "Every document has a known date."
    )
    return (
        f'<div class="rt-prose"><p>The oldest document is of {when(totals.oldest, "day")}, the newest of '
        f"{when(totals.newest, 'day')}; collected since {when(totals.since, 'day')}. {undated}</p></div>"
    )


def _sources(last_reads: list[LastRead]) -> str:
    if not last_reads:
        return (
            '<div class="rt-prose"><p>No source was ever read: what is stored was put in by hand.</p></div>'
        )
    total, well = last_reads[0].total, last_reads[0].well
    cut = (
        f'<p class="rt-small rt-soft">Shown are the {LISTED} that have gone unread for longest.</p>'
        if total > len(last_reads)
        else ""
    )
    head = [("Source", False), ("Last read", False), ("Its last crawl", False)]
    body = (
        (
            html.source_link(item.feed, item.source),
            when(item.last_ok_at) if item.last_ok_at else "never",
            Markup("{} {}").format(html.chip(item.outcome), health.unwell(item)),
        )
        for item in last_reads
    )
    return (
        f'<div class="rt-prose"><p>{well:,} of {counted(total, "source")} could be read in full at the '
        "last crawl; what the others published since is missing.</p></div>"
        '<details class="rt-last-read"><summary>When each source was last read</summary>'
        f"{cut}{html.table(head, body)}</details>"
    )


def _versions(facts: dict[str, str], rules: list[Rule]) -> str:
    parts = ""
    for key, purpose in _PARTS.items():
        if key in facts:
            models = " ".join(f"<code>{line(model, 80)}</code>" for model in facts[key].split("+"))
            parts += f"<dt>{purpose}</dt><dd>{models}</dd>"
    return (
        '<h2 id="versions">Versions</h2>'
        f"<dl><dt>Rumortrail</dt><dd><code>{line(facts.get('version', 'unknown'), 40)}</code></dd>"
        f"<dt>rules</dt><dd><code>{line(rules[0].version if rules else 'unknown', 40)}</code></dd>{parts}"
        f"<dt>this copy</dt><dd>of run <code>{line(facts.get('run_id', 'unknown'), 60)}</code></dd></dl>"
        "<p>Letters and digits at the end of a name are the hash of what it names: weights, or the list of "
        "known names.</p>"
    )


OLDER = "This copy was published by an older version: the {} are listed after the next run."

CONTENTS = """
<nav aria-label="On this page"><ul class="rt-plain rt-row rt-small">
<li><a href="#method">Method</a></li>
<li><a href="#founding">Sentences withheld</a></li>
<li><a href="#rules">Rules</a></li><li><a href="#releases">Releases</a></li>
<li><a href="#data">Data</a></li>
<li><a href="#versions">Versions</a></li><li><a href="#limits">Limits</a></li>
<li><a href="#measured">What is measured</a></li><li><a href="#privacy">Privacy</a></li>
</ul></nav>
"""

METHOD = """
<h2 id="method">How a claim comes to its status</h2>
<p>Every night the configured sources are read, politely and within their rules. In each new text Rumortrail
finds the sentences that claim something about an AI model or its maker. What is said is kept apart from who
says it, how surely, and whether it is denied, so that a denial meets the claim that it denies. Claims that
name another version, another number or another date stay apart and are shown as rivals.</p>
<p>Each mention takes a stance, with the words that show it:</p>
<dl>{stances}</dl>
<p>Then each mention is traced to the voice it comes from, along links, replies, quotations, words such as
“according to”,
and texts that are nearly the same. <b>Twenty outlets that quote one post are one voice.</b></p>
{voices}
<p>Rules over the independent voices, their roles and primary documents (a model page, a release) give the
status:</p>
<dl>{statuses}</dl>
<p>A denial by the accused is shown as a denial; it is never counted as a refutation. Every status names the
evidence that
moved it and says what would change it. An editor can overrule the machine; both decisions stay visible.</p>
"""

FOUNDING = """
<h2 id="founding">Which sentences start no claim</h2>
<p>A claim is worded as somebody wrote it: as a sentence, or as a sentence reports what somebody said. A
sentence starts a claim only if a model finds that it stands alone and can be checked. Sentences that had to
be reworded, and those that the model turns down, are withheld. They are kept, and what they say still counts
as evidence on claims that others started.</p>
<p>The model gives a probability and no reason. The table shows what is visible in the sentences that were
withheld; each is counted once, under the first reason that applies.</p>
"""

VOICES = """
<dl>
<dt>a voice</dt><dd>who stands behind words: the person quoted, an account that speaks for itself, an outlet
with sources of its own</dd>
<dt>one voice</dt><dd>an organisation with all its officials and channels, and the outlets of one owner</dd>
<dt>not stored</dt><dd>a voice that is known only from who passes it on; it counts once</dd>
<dt>no voice</dt><dd>a rumour with nobody behind it, an aggregator, and every repetition</dd>
</dl>
"""

STANCES = {
    "supports": "it says that the claim is so",
    "denies": "it says that the claim is not so",
    "questions": "it doubts or asks",
    "reports": "it tells of the claim and takes no side, or we could not tell which",
}

LIMITS = """
<h2 id="limits">What this cannot know</h2>
<ul>
<li>It sees only the sources that are configured, and only what they show in public. “First” means first of
all we have stored.</li>
<li>A source that failed in the last run is missing from it; <a class="rt-in" href="runs">Runs</a> names each
one.</li>
<li>Dates are never guessed. Where a page does not say when it was written, the time is shown as unknown.</li>
<li>Claims are found in English and Chinese texts only.</li>
<li>Finding claims, joining mentions and reading stances are done by models, and models err. The quote is
always there to be read.</li>
<li>“Support” weighs the voices for a claim against all voices on it, from 0 to 1. It orders claims; it is
not a probability of truth.</li>
</ul>
"""

MEASURED = """
<h2 id="measured">What is measured</h2>
<p>How well Rumortrail finds claims, joins mentions, reads stances and sets statuses is measured on texts that
people have labelled. The figures, with the number of cases behind each and the command that measures it
again, are in <code>docs/benchmarks.md</code>, which comes with the program.</p>
<p>Everything on these pages can be asked in SQL: <code>rumortrail ask</code>, and <code>docs/sql.md</code>
describes each table.</p>
"""

PRIVACY = """
<h2 id="privacy">What your browser keeps</h2>
<ul>
<li><code>rumortrail_looked</code> and <code>rumortrail_visit</code>: cookies with the time of your last visit
and the run that you saw,
so that you can be told what is new since. They hold no name.</li>
<li><code>rumortrail_editor</code>: set only when an editor signs in, and taken away when the editor signs
out.</li>
<li><code>_streamlit_xsrf</code>: a random value against forged requests.</li>
<li><code>stActiveTheme</code>, in the browser's own storage: whether you chose light or dark.</li>
</ul>
<p>Nothing is loaded from elsewhere, nobody counts your visits, and a link to a source does not tell that
source where you
came from.</p>
"""
