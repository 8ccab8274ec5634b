"""Models and organisations in the pieces of a page: links, how their claims stand, and which rungs were reached."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dashboard.components import html
from dashboard.components.times import day_words
from dashboard.data.models import Rung as ReachedRung
from dashboard.data.models import Step, Subject
from pipeline.core.records import ReleaseStage
from pipeline.text.sanitize import plain


def address(kind: str, name: str) -> str:
    """The address of a model's or organisation's page, for an attribute."""
    return f"models?{'org' if kind == 'organisation' else 'model'}={quote(name, safe='')}"


def link(kind: str, name: str, limit: int = 120) -> str:
    """A link to a model's or organisation's page that reads as its name."""
    return f'<a class="rt-in" href="{address(kind, name)}">{html.text(name, limit)}</a>'


def rung_words(rung: str) -> str:
    """A rung for people."""
    return "API" if rung == "api" else html.spaced(rung)


def statuses(item: Subject) -> str:
    """How many claims there are, and how many stand where, each as shape, colour and word, with a bar of their shares."""
    ranked = [(status, item.statuses[status]) for status in html.STATUSES if item.statuses.get(status)]
    bar = "".join(
        f'<span class="{html.state(status)}" style="flex: {count} 0 0"></span>' for status, count in ranked
    )
    told = "".join(
        f'<span class="rt-stance rt-num {html.state(status)}"><i></i>{count:,} {status}</span>'
        for status, count in ranked
    )
    return (
        f'<p class="rt-voices rt-num">{html.plural(item.claims, "claim")}</p>'
        f'<div class="rt-bar rt-shares" aria-hidden="true">{bar}</div><div class="rt-row rt-standing">{told}</div>'
    )


def ladder(reached: Sequence[str]) -> str:
    """The rungs of a release from the lowest to the highest, those that were reached filled and named."""
    names = [rung_words(rung) for rung in ReleaseStage if rung in reached]
    steps = "".join(
        f'<i class="{"rt-on" if rung in reached else ""}" title="{rung_words(rung)}"></i>' for rung in ReleaseStage
    )
    words = " and ".join([", ".join(names[:-1])] * bool(names[1:]) + names[-1:])
    return (
        f'<div class="rt-ladder"><span aria-hidden="true">{steps}</span>'
        f'<span class="rt-small">{f"Reached: {words}" if names else "No release among what we stored"}</span></div>'
    )


def finding(subject: Subject, rungs: Sequence[ReachedRung]) -> str:
    """The chart's title: how the claims stand, and the last rung that was reached."""
    name = plain(subject.subject)
    ranked = sorted(subject.statuses.items(), key=lambda item: (-item[1], html.STATUSES.index(item[0])))
    if subject.claims == 1:
        told = f"The one claim about {name} is {ranked[0][0]}"
    elif len(ranked) == 1:
        told = f"All {subject.claims:,} claims about {name} are {ranked[0][0]}"
    else:
        parts = [f"{count:,} {status}" for status, count in ranked]
        are = "is" if ranked[0][1] == 1 else "are"
        told = f"Of {subject.claims:,} claims about {name}, {parts[0].replace(' ', f' {are} ', 1)}"
        told += ", " * bool(parts[2:]) + ", ".join(parts[1:-1]) + f" and {parts[-1]}"
    if not rungs:
        return f"{told}; no release of it is stored" if subject.type == "model" else told
    last = max(rungs, key=lambda rung: rung.reached_at)
    what = (
        rung_words(last.rung)
        if subject.type == "model"
        else f"{rung_words(last.rung)} of {plain(last.model)}"
    )
    return f"{told}; {what} {'on' if last.at_is_said else 'seen on'} {day_words(last.reached_at)}"


def key(steps: Sequence[Step]) -> str:
    """What the marks of the chart mean: the statuses that its claims went through."""
    told = {step.status for step in steps}
    marks = "".join(
        f'<span class="rt-stance {html.state(status)}"><i></i>{status}</span>'
        for status in html.STATUSES
        if status in told
    )
    return f'<span class="rt-row rt-tight">{marks}</span>'


def record_link(item: Subject, total: int) -> str:
    """A link to all that an organisation said about itself, on the page of its track record."""
    where = f"sources?id={quote(item.who_id or '', safe='')}&amp;who=Organisations&amp;show=About+itself"
    return f'<a class="rt-in" href="{where}">All {total:,}</a>.'
