"""The search and filters of the claims list, each held by the address, and the views that we offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup

from dashboard.components import filters as pickers
from dashboard.components import html
from dashboard.components.times import date_words
from dashboard.data.queries import Copy
from pipeline.published.claim_filter import ClaimFilter

PAGE_KEY = "p"
_html = html.Template("views/claims/page.html")

SORTS = {
    "best": "Best match first",
    "checkworthy": "Most worth a check",
    "moved": "Moved last",
    "first": "Newest claim",
    "due": "Due next",
    "voices": "Most independent voices",
    "denied": "Most denied",
    "repeated": "Most repeated",
}

# The slots that keep look-alike claims apart (docs/cluster.md).
RIVALS = {
    "": "With or without rivals",
    "any": "With any rival",
    "number": "Rival numbers",
    "date": "Rival dates",
    "version": "Rival versions",
    "subject": "Rival subjects",
}

# A widget at its default leaves the address clean.
DEFAULTS: dict[str, object] = {
    "q": "",
    "status": [],
    "kind": [],
    "org": [],
    "model": [],
    "source": [],
    "since": None,
    "until": None,
    "single": False,
    "rivals": "",
    "denied": False,
    "due": False,
    "followed": False,
    PAGE_KEY: 1,
}

# What an address of ours says: an option stands there as it is shown.
VIEWS: dict[str, dict[str, str]] = {
    "Rests on one voice": {"single": "true", "sort": SORTS["repeated"]},
    "Disputed now": {"status": "disputed", "sort": SORTS["moved"]},
    "Rival numbers": {"rivals": RIVALS["number"]},
    "Denied by the subject": {"denied": "true"},
    "Deadlines ahead": {"due": "true", "sort": SORTS["due"]},
    "Followed": {"followed": "true", "sort": SORTS["moved"]},
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The choices of a reader."""

    search: str
    filters: ClaimFilter
    sort: str

    @property
    def narrowed(self) -> bool:
        """Return whether anything but the order was chosen."""
        return bool(self.search) or self.filters != ClaimFilter()


def pick(copy: Copy) -> Chosen:
    """Draw the search box, the views, the status pills and the sidebar; return what is chosen there."""
    search = pickers.search(
        "q",
        "Search claims, quotes, speakers and outlets",
        'Search claims, quotes, speakers, outlets: weights "test set"',
        longest=300,
        page=PAGE_KEY,
    )
    views = st.empty()
    statuses = st.pills(
        "Status",
        html.STATUSES,
        selection_mode="multi",
        key="status",
        bind="query-params",
        label_visibility="collapsed",
        on_change=pickers.first,
        args=(PAGE_KEY,),
    )
    with st.sidebar:
        pickers.label("Order and filters")
        sort = pickers.order("sort", SORTS, page=PAGE_KEY)
        kinds = pickers.pick_several("kind", "Kind", html.KINDS, html.spaced, page=PAGE_KEY)
        organisations = pickers.names(copy, "org", "Organisation", "organisations", page=PAGE_KEY)
        models = pickers.names(copy, "model", "Model", "models", page=PAGE_KEY)
        sources = pickers.names(copy, "source", "Source", "sources", page=PAGE_KEY)
        since = pickers.day("since", "Moved from", page=PAGE_KEY)
        until = pickers.day("until", "Moved until", page=PAGE_KEY)
        rivals = _rivals()
        single = _toggle(
            "single",
            "Single voice only",
            "Claims that rest on one independent voice or none, however often it is repeated.",
        )
        denied = _toggle(
            "denied",
            "Denied by the subject",
            "Claims denied by the person or organisation they are about. A denial is not a refutation.",
        )
        due = _toggle("due", "Deadline ahead", "Open claims that name a time to come.")
        followed = _toggle("followed", "Followed by an editor", "Claims that an editor wrote and follows.")
    filters = ClaimFilter(
        tuple(statuses),
        tuple(kinds),
        tuple(organisations),
        tuple(models),
        tuple(sources),
        pickers.midnight(since),
        pickers.midnight(until, 1),
        single,
        rivals,
        denied,
        due,
        followed,
    )
    chosen = Chosen(search, filters, sort)
    links = [(name, urlencode(view), _current(view, chosen)) for name, view in VIEWS.items()]
    views.html(_html.views(links))
    return chosen


def words(chosen: Chosen) -> list[str]:
    """Return the filters that are on, in words, in the order in which they stand on the page."""
    filters = chosen.filters
    words: list[str] = [Markup("“{}”").format(html.text(chosen.search, 120))] if chosen.search else []
    words += [*filters.statuses, *map(html.spaced, filters.kinds)]
    words += [html.text(name, 80) for name in (*filters.organisations, *filters.models)]
    words += [Markup("in {}").format(html.text(name, 80)) for name in filters.sources]
    if filters.since:
        words.append(f"since {date_words(filters.since, 'day')}")
    if filters.until:
        words.append(f"until {date_words(filters.until - timedelta(days=1), 'day')}")
    flags = {
        RIVALS.get(filters.rivals, "").lower(): bool(filters.rivals),
        "single voice": filters.single,
        "denied by the subject": filters.denied,
        "deadline ahead": filters.due,
        "followed by an editor": filters.followed,
    }
    return words + [flag for flag, on in flags.items() if on]


def _current(view: dict[str, str], chosen: Chosen) -> bool:
    current = {
        "status": ",".join(chosen.filters.statuses),
        "rivals": RIVALS[chosen.filters.rivals] if chosen.filters.rivals else "",
        **{key: "true" for key in ("single", "denied", "due", "followed") if getattr(chosen.filters, key)},
    }
    view_filters = {key: value for key, value in view.items() if key != "sort"}
    return view_filters == {key: value for key, value in current.items() if value}


def _rivals() -> str:
    pickers.choose_asked("rivals", RIVALS)
    return st.selectbox(
        "Rival claims",
        list(RIVALS),
        format_func=RIVALS.__getitem__,
        key="rivals",
        bind="query-params",
        help="Claims that look alike and differ in one thing, such as the number.",
        on_change=pickers.first,
        args=(PAGE_KEY,),
    )


def _toggle(key: str, label: str, explained: str) -> bool:
    return st.toggle(
        label, key=key, bind="query-params", help=explained, on_change=pickers.first, args=(PAGE_KEY,)
    )
