"""Search, order, filters and pages of a list. The address holds each picker; a change leads to page 1.

A widget's key is the name of the address's parameter, and the words of an option are the value there: so
options carry no counts, which would change from night to night. An address may as well name an option by
its key, or by words that it had in an older version. `page` is the parameter of the list's page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeVar

import streamlit as st
from markupsafe import Markup

from dashboard.data import queries
from dashboard.data.queries import Copy
from pipeline.text.sanitize import plain

PAGE = 25  # rows of a list on one page
LISTED = 100  # rows of a list that has no pages
OPTIONS = 500  # names that a filter offers: those with most claims

Row = TypeVar("Row")

# Words that options had in older versions: bookmarks still hold them.
_FORMER = {
    ("since", "Last night"): "run",
    ("since", "night"): "run",
    ("who", "Houses"): "house",
    ("sort", "What moved last"): "moved",
    ("sort", "What was said first most lately"): "first",
    ("sort", "What is due next"): "due",
    ("rivals", "Any rival"): "any",
}


def label(words: str) -> None:
    """Draw a small heading above the pickers of the sidebar."""
    st.html(Markup('<p class="rt-label">{}</p>').format(words))


def search(key: str, label: str, placeholder: str, *, longest: int, page: str) -> str:
    """Draw a search field and return what stands in it."""
    text = st.text_input(
        label,
        key=key,
        bind="query-params",
        type="search",
        placeholder=placeholder,
        icon=":material/search:",
        max_chars=longest,
        label_visibility="collapsed",
        on_change=first,
        args=(page,),
    )
    return (text or "").strip()


def asked_option(key: str, options: Mapping[str, str]) -> str | None:
    """Return which of `options` the address names: by its key, its words, or words that it once had."""
    value = st.query_params.get(key)
    if value is None:
        return None
    value = _FORMER.get((key, value), value)
    return next((option for option, words in options.items() if value in (option, words)), None)


def choose_asked(key: str, options: Mapping[str, str]) -> None:
    """Set the picker `key`, before it is drawn, to the option that the address names."""
    option = asked_option(key, options)
    if option is not None and key not in st.session_state and st.query_params.get(key) != options[option]:
        st.session_state[key] = option


def order(key: str, orders: Mapping[str, str], *, page: str) -> str:
    """Draw a select box and return one of `orders`, which has the words of each; the first is the default."""
    choose_asked(key, orders)
    return st.selectbox(
        "Order by",
        list(orders),
        format_func=orders.__getitem__,
        key=key,
        bind="query-params",
        on_change=first,
        args=(page,),
    )


def pick_one(key: str, label: str, options: Mapping[str, str], *, page: str) -> str:
    """Draw `options` side by side, by their words, and return the chosen one; the first is the default."""
    names = list(options)
    choose_asked(key, options)
    option = st.segmented_control(
        label,
        names,
        default=names[0],
        required=True,
        format_func=options.__getitem__,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
        on_change=first,
        args=(page,),
    )
    return option or names[0]


def pick_several(
    key: str, label: str, options: Sequence[str], words: Callable[[str], str], *, page: str
) -> list[str]:
    """Draw a select box and return those of `options` that pass; none means any."""
    return st.multiselect(
        label,
        options,
        format_func=words,
        key=key,
        bind="query-params",
        placeholder=f"Any {label.lower()}",
        on_change=first,
        args=(page,),
    )


def names(copy: Copy, key: str, label: str, statement: str, *, page: str) -> list[str]:
    """Draw a filter by the names of `statement`: the most frequent, and those that the address has.

    Typing narrows them down.
    """
    chosen_names = sorted({*st.query_params.get_all(key), *st.session_state.get(key, [])})
    options = queries.names(copy, "claim_list", statement, most=OPTIONS, also=chosen_names)
    return pick_several(key, label, options, plain, page=page)


def day(key: str, label: str, *, page: str, width: int | Literal["stretch"] = "stretch") -> date | None:
    """Draw a field for a day and return it; None where none is chosen."""
    chosen_day = st.date_input(
        label,
        None,
        key=key,
        bind="query-params",
        format="YYYY-MM-DD",
        width=width,
        on_change=first,
        args=(page,),
    )
    return chosen_day if isinstance(chosen_day, date) else None


def midnight(day: date | None, plus: int = 0) -> datetime | None:
    """Return the beginning of a day, or of the one `plus` days later; None for None."""
    return datetime.combine(day + timedelta(days=plus), time()) if day else None


def number(page: str) -> int:
    """Return the page that the address asks for, from 1."""
    # The widget that holds it comes below the list, so on the first run of an address it has not read it yet.
    text = str(st.session_state.get(page) or st.query_params.get(page, ""))
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def paged(page: str, read: Callable[[int], list[Row]]) -> list[Row]:
    """Return the rows of the page that the address asks for, or of the first if that is beyond the last."""
    page_number = number(page)
    return read(page_number) or (read(1) if page_number > 1 else [])


def turn(total: int, *, page: str, rows: int = PAGE) -> None:
    """Draw links to the pages of a list of `total` rows, `rows` on each, where there are several."""
    pages = -(-total // rows)
    if pages > 1:
        st.pagination(pages, key=page, bind="query-params")


def clear(defaults: Mapping[str, object]) -> None:
    """Draw a button that puts widgets back to `defaults`, which leaves the address clean."""
    st.button("Clear filters", on_click=_set, args=(defaults,), icon=":material/close:", type="tertiary")


def first(page: str) -> None:
    """Go to the first page; a change of a picker calls this."""
    st.session_state[page] = 1


def _set(values: Mapping[str, object]) -> None:
    for key, value in values.items():
        st.session_state[key] = value
