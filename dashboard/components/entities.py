"""Models and organisations on a page: links, the statuses of their claims, and the release stages reached."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from markupsafe import Markup

from dashboard.components import html
from dashboard.components.times import day_words
from dashboard.data.models import Rung as Reached
from dashboard.data.models import Step, Subject
from pipeline.core.vocabulary import ReleaseStage
from pipeline.exports.wording import STAGE_WORDS
from pipeline.published.claim_rows import About, with_pages
from pipeline.text.sanitize import plain


def link(kind: str, name: str, limit: int = 120) -> Markup:
    """Return a link to a model's or organisation's page that reads as its name."""
    return html.inside(_address(kind, name), name, limit)


def tags(organisations: Sequence[str], entities: Sequence[str], about: Sequence[About]) -> Markup:
    """Return the names of a claim as labels, those that have a page (in `about`) as links to it."""
    named = with_pages(organisations, entities, about, _page)
    return Markup("").join(html.tag(name, page=address) for name, address in named)


def _page(name: About) -> str:
    if name.who_id is not None:
        return f"sources?{urlencode({'id': name.who_id, 'who': 'People'}, quote_via=quote)}"
    return _address(name.type, name.subject)


def _address(kind: str, name: str) -> str:
    return f"models?{'org' if kind == 'organisation' else 'model'}={quote(name, safe='')}"


def stage_words(stage: str) -> str:
    """Return a release stage for people."""
    return STAGE_WORDS.get(stage, html.spaced(stage))


def statuses(item: Subject, most: int | None = None) -> Markup:
    """Return how many claims there are, and how many have each status, with a bar of them.

    The bar is in proportion to those beside it, of which the longest stands for `most` claims.
    """
    ranked = [(status, item.statuses[status]) for status in html.STATUSES if item.statuses.get(status)]
    return _html.statuses(item, ranked, item.claims / (most or item.claims))


def stages(reached: Sequence[str]) -> Markup:
    """Return the stages of a release from the first to the last, those that were reached filled and named."""
    return _html.stages(reached, [stage_words(stage) for stage in ReleaseStage if stage in reached])


def finding(subject: Subject, reached: Sequence[Reached]) -> str:
    """Return the chart's title: how many claims have which status, and the last release stage reached."""
    name = plain(subject.subject)
    ranked = sorted(subject.statuses.items(), key=lambda item: (-item[1], html.STATUSES.index(item[0])))
    if subject.claims == 1:
        words = f"The one claim about {name} is {ranked[0][0]}"
    elif len(ranked) == 1:
        words = f"All {subject.claims:,} claims about {name} are {ranked[0][0]}"
    else:
        parts = [f"{count:,} {status}" for status, count in ranked]
        verb = "is" if ranked[0][1] == 1 else "are"
        words = f"Of {subject.claims:,} claims about {name}, {parts[0].replace(' ', f' {verb} ', 1)}"
        words += ", " * bool(parts[2:]) + ", ".join(parts[1:-1]) + f" and {parts[-1]}"
    if not reached:
        return f"{words}; no release of it is stored" if subject.type == "model" else words
    firsts: dict[tuple[str, str], Reached] = {}  # several organisations may have reached one stage
    for stage in sorted(reached, key=lambda stage: stage.reached_at):
        firsts.setdefault((stage.model, stage.rung), stage)
    last = list(firsts.values())[-1]
    stage_text = stage_words(last.rung) + ("" if subject.type == "model" else f" of {plain(last.model)}")
    return f"{words}; {stage_text} {'on' if last.at_is_said else 'seen on'} {day_words(last.reached_at)}"


def key(steps: Sequence[Step]) -> Markup:
    """Return a legend of the chart: the statuses that its claims went through."""
    used = {step.status for step in steps}
    return _html.key([status for status in html.STATUSES if status in used])


def record_link(item: Subject, total: int) -> Markup:
    """Return a link to all that an organisation said about itself, on the page of its track record."""
    query = urlencode({"id": item.who_id or "", "who": "Organisations", "show": "About itself"})
    return html.inside(f"sources?{query}", Markup(f"All {total:,}"))


_html = html.Template("components/entities.html", stage_words=stage_words, STAGES=list(ReleaseStage))
