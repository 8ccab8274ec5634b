"""What the claims list is narrowed by: each filter held by the address, told in words, and the views that we offer.

The claims that pass a search and all filters, a page at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from html import escape
from urllib.parse import urlencode

import streamlit as st

from dashboard.components import filters as pickers
from dashboard.components import html
from dashboard.components.times import date_words
from dashboard.data import queries
from dashboard.data.claims import ListedClaim
from dashboard.data.queries import Copy
from dashboard.views.claims import search as finding
from dashboard.views.claims.search import Load
from pipeline.text.sanitize import plain

PAGE_KEY = "p"

SORTS = {
    "best": "Best match first",
    "checkworthy": "Most worth a check",
    "moved": "What moved last",
    "first": "What was said first most lately",
    "due": "What is due next",
    "voices": "Most independent voices",
    "denied": "Most denied",
    "repeated": "Most repeated",
}

# The slots that keep look-alike claims apart (docs/cluster.md).
RIVALS = {
    "": "With or without",
    "any": "Any rival",
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
    PAGE_KEY: 1,
}

# What an address of ours says: an option stands there as it is shown.
VIEWS: dict[str, dict[str, str]] = {
    "Rests on one voice": {"single": "true", "sort": SORTS["repeated"]},
    "Disputed now": {"status": "disputed", "sort": SORTS["moved"]},
    "Rival numbers": {"rivals": RIVALS["number"]},
    "Denied by the subject": {"denied": "true"},
    "Deadlines ahead": {"due": "true", "sort": SORTS["due"]},
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a reader chose."""

    search: str
    filters: Filters
    sort: str

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order was chosen."""
        return bool(self.search) or self.filters != Filters()


def pick(copy: Copy) -> Chosen:
    """Draw the search box, the views, the status pills and the sidebar."""
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
        st.html('<p class="rt-label">Order and filters</p>')
        sort = pickers.order("sort", SORTS, page=PAGE_KEY)
        kinds = pickers.several("kind", "Kind", html.KINDS, html.spaced, page=PAGE_KEY)
        organisations = _names(copy, "org", "Organisation", "organisations")
        models = _names(copy, "model", "Model", "models")
        sources = _names(copy, "source", "Source", "sources")
        since, until = _day("since", "Moved from"), _day("until", "Moved until")
        rivals = _rivals()
        single = _toggle(
            "single",
            "Single voice only",
            "Claims that rest on one independent voice or none, however often they are repeated.",
        )
        denied = _toggle(
            "denied",
            "Denied by the subject",
            "Claims that somebody denies whom they are about. A denial by the accused is no refutation.",
        )
        due = _toggle("due", "Deadline ahead", "Open claims that speak of a time to come.")
    filters = Filters(
        tuple(statuses),
        tuple(kinds),
        tuple(organisations),
        tuple(models),
        tuple(sources),
        _midnight(since),
        _midnight(until, 1),
        single,
        rivals,
        denied,
        due,
    )
    chosen = Chosen(search, filters, sort)
    views.html(_views(chosen))
    return chosen


def told(chosen: Chosen) -> list[str]:
    """The filters that are on, as HTML, in the order in which they stand on the page."""
    filters = chosen.filters
    words = [f"“{html.text(chosen.search, 120)}”"] if chosen.search else []
    words += [*filters.statuses, *map(html.spaced, filters.kinds)]
    words += [html.text(name, 80) for name in (*filters.organisations, *filters.models)]
    words += [f"in {html.text(name, 80)}" for name in filters.sources]
    if filters.since:
        words.append(f"since {date_words(filters.since, 'day')}")
    if filters.until:
        words.append(f"until {date_words(filters.until - timedelta(days=1), 'day')}")
    flags = {
        RIVALS.get(filters.rivals, "").lower(): bool(filters.rivals),
        "single voice": filters.single,
        "denied by the subject": filters.denied,
        "deadline ahead": filters.due,
    }
    return words + [flag for flag, on in flags.items() if on]


def _views(chosen: Chosen) -> str:
    links = "".join(
        f'<a class="rt-in" href="?{escape(urlencode(address))}"{_current(address, chosen)}>{words}</a>'
        for words, address in VIEWS.items()
    )
    return f'<nav class="rt-views" aria-label="Views"><span class="rt-label">Views</span>{links}</nav>'


def _current(address: dict[str, str], chosen: Chosen) -> str:
    here = {
        "status": ",".join(chosen.filters.statuses),
        "rivals": RIVALS[chosen.filters.rivals] if chosen.filters.rivals else "",
        **{key: "true" for key in ("single", "denied", "due") if getattr(chosen.filters, key)},
    }
    asked = {key: value for key, value in address.items() if key != "sort"}
    return ' aria-current="true"' if asked == {key: value for key, value in here.items() if value} else ""


def _names(copy: Copy, key: str, label: str, statement: str) -> list[str]:
    """Names to choose from: the most frequent, and those that the address names; typing narrows them down."""
    asked = [*st.query_params.get_all(key), *st.session_state.get(key, [])]
    names = options(copy, statement, sorted(set(asked)))
    return pickers.several(key, label, names, plain, page=PAGE_KEY)


def _rivals() -> str:
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


def _day(key: str, label: str) -> object:
    return st.date_input(
        label, None, key=key, bind="query-params", format="YYYY-MM-DD", on_change=pickers.first, args=(PAGE_KEY,)
    )


def _midnight(day: object, plus: int = 0) -> datetime | None:
    return datetime.combine(day + timedelta(days=plus), time()) if isinstance(day, date) else None


OPTIONS = 500  # names that a filter offers: those with most claims


@dataclass(frozen=True, slots=True)
class Filters:
    """What passes: any of each list, all of the rest. `until` is exclusive.

    `rivals` is a slot in which a rival differs, or "any", or "" for all claims; `denied` passes what its subject denies,
    `due` what is open and speaks of a time to come.
    """

    statuses: Sequence[str] = ()
    kinds: Sequence[str] = ()
    organisations: Sequence[str] = ()
    models: Sequence[str] = ()
    sources: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    single: bool = False
    rivals: str = ""
    denied: bool = False
    due: bool = False


def claims(
    copy: Copy,
    filters: Filters,
    *,
    search: str = "",
    load: Load | None = None,
    sort: str = "checkworthy",
    page: int = 1,
) -> list[ListedClaim]:
    """One page; "best" orders by what fits the search best, then by what is most worth a check."""
    given = {key: value if isinstance(value, str | bool | datetime | None) else list(value) for key, value in asdict(filters).items()}
    sought = bool(finding.terms(search))
    beside = finding.find(copy, search, load) if sought else finding.nothing()
    bounds = {"searched": sought, "sort": sort, "limit": queries.PAGE, "offset": (page - 1) * queries.PAGE}
    return queries.read_beside(copy, ListedClaim, "claims", "page", beside, **given, **bounds, now=queries.published_at(copy))


def options(copy: Copy, statement: str, also: Sequence[str]) -> list[str]:
    """The names that a filter offers, those with most claims first; those of `also` among them, where they exist."""
    return queries.names(copy, "claims", statement, most=OPTIONS, also=list(also))
