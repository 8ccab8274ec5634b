"""Downloads: the dossier, the evidence as a file, and ClaimReview where an editor signed the claim off.

Each is made when its button is clicked, and not before.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, TextIO

import streamlit as st

from dashboard.components import html
from dashboard.data import queries
from dashboard.views.claim.as_of import Known
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.rows import aware
from pipeline.core.text import utf8
from pipeline.exports.tables import write_csv, write_json
from pipeline.published.claim_rows import Claim


def show(known: Known) -> None:
    """Draw the buttons, and why there is no ClaimReview where there is none."""
    lead = "The dossier is one file that prints well and loads nothing. No cell of the CSV runs as a formula."
    if known.day:
        lead += f" The evidence is as known on {html.day(known.day)}; the dossier is as of now."
    st.html(html.section("Download", lead))
    name = known.claim_id if known.claim_id.isalnum() else "claim"
    day = f"-{known.day:%Y-%m-%d}" if known.day else ""
    with st.container(horizontal=True, key="handout"):
        _button("Dossier (HTML)", f"dossier-{name}.html", "text/html", lambda: _dossier(known))
        for form, mime, write in (("csv", "text/csv", write_csv), ("json", "application/json", write_json)):
            make_file = partial(evidence, known, write)
            _button(f"Evidence ({form.upper()})", f"evidence-{name}{day}.{form}", mime, make_file)
        fault = _unsigned(known)
        if not fault:
            mime = "application/ld+json"
            _button("ClaimReview (JSON-LD)", f"claimreview-{name}.json", mime, lambda: _review(known))
    if fault:
        st.html(f'<p class="rt-small rt-soft">No ClaimReview: {fault}</p>')
    _public(known)


def _public(known: Known) -> None:
    """Draw the way to the page that is made to be published, and the line that shows it in another page."""
    from pipeline.pages.embed import frame
    from pipeline.pages.links import served

    claim = known.read(Claim, "claim")[0]
    links = served(_home(known)[1].publisher.url)
    page = links.claim(known.claim_id, known.day).removeprefix("../")
    words = "a page without script that loads nothing else, to link to, to print and to publish"
    st.html(f'<p>{html.inside(page, "Public page")} <span class="rt-soft rt-small">({words})</span></p>')
    if code := frame(known.claim_id, claim.claim, links):
        st.html('<p class="rt-label">Show this claim in another page</p>')
        box = '<pre class="rt-cite" role="group" tabindex="0" aria-label="HTML to embed">'
        st.html(f"{box}{html.literal(code)}</pre>")
    else:
        st.html('<p class="rt-small rt-soft">To embed it, set [publisher] url in rumortrail.toml.</p>')


def _button(label: str, name: str, mime: str, made: Callable[[], bytes]) -> None:
    st.download_button(label, made, name, mime, icon=":material/download:", on_click="ignore")


def _home(known: Known) -> tuple[Home, Config]:
    home = known.copy.home
    return home, Config.load(home.config_file)


def _dossier(known: Known) -> bytes:
    # Imported where a file is made: the page does not wait for what it needs.
    from pipeline.exports.dossier import dossier
    from pipeline.exports.overtaken import read_current

    home, config = _home(known)
    case = read_current(home, config, known.claim_id)
    return utf8(dossier(home, config, case, datetime.now(UTC)))


def timeline_file(known: Known, words: str) -> bytes:
    """Return the timeline as an SVG file, as of the page's day; `words` are its title."""
    from pipeline.exports.timeline_svg import as_file, marks, picture
    from pipeline.published.claim import AsOf, read_claim

    home, config = _home(known)
    case = read_claim(home, config, known.claim_id, AsOf(known.cutoff))
    until = min(queries.published_at(known.copy) or known.cutoff, known.cutoff).replace(tzinfo=UTC)
    drawn = picture(marks(case.statements), case.moves, until=until, deadline=case.subject.event_at,
                    width=880, words=words)
    return utf8(as_file(drawn))


def evidence(known: Known, write: Callable[[list[str], list[Any], TextIO], None]) -> bytes:
    """Return the claim's evidence as `write` writes it, as of the page's day."""
    columns, export_rows = queries.rows(known.copy, "claim", "export", **known.values("export"))
    out = io.StringIO(newline="")
    # Outside of the copy, which holds UTC without a zone, the zone stands beside the time.
    write(columns, [[aware(value) for value in row] for row in export_rows], out)
    return utf8(out.getvalue())


def _review(known: Known) -> bytes:
    from pipeline.exports import claimreview
    from pipeline.published.claim import read_claim

    home, config = _home(known)
    case = read_claim(home, config, known.claim_id)
    review = claimreview.claim_review(case, claimreview.sign_off(case, home), config.publisher)
    return claimreview.as_json(review).encode()


def _unsigned(known: Known) -> str:
    """Return why the claim may not leave as ClaimReview; "" where it may."""
    known_now = Known(known.copy, known.claim_id)
    if not any(decision.kind == "status" and not decision.undone_at for decision in known_now.decisions()):
        return "no editor has signed this claim off by deciding on its status."
    publisher = _home(known)[1].publisher
    if not publisher.name or not publisher.url:
        return "it must name its publisher: set [publisher] name and url in rumortrail.toml."
    return ""
