"""What a list is searched, ordered, filtered and paged by. Each picker is held by the address; a change leads to page 1.

A widget's key is the name of the address's parameter, and what an option is shown as is the value there: so options
carry no counts, which would change from night to night. `page` is the parameter of the list's page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboard.data.queries import PAGE


def search(key: str, label: str, placeholder: str, *, longest: int, page: str) -> str:
    """The words to search for."""
    found = st.text_input(
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
    return (found or "").strip()


def order(key: str, orders: Mapping[str, str], *, page: str) -> str:
    """One of `orders`, which gives the words of each; the first is the default."""
    return st.selectbox(
        "Order by",
        list(orders),
        format_func=orders.__getitem__,
        key=key,
        bind="query-params",
        on_change=first,
        args=(page,),
    )


def one(key: str, label: str, options: Mapping[str, str], *, page: str) -> str:
    """One of `options`, which gives the words of each, side by side; the first is the default."""
    names = list(options)
    found = st.segmented_control(
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
    return found or names[0]


def several(
    key: str, label: str, options: Sequence[str], words: Callable[[str], str], *, page: str
) -> list[str]:
    """Those of `options` that pass; none means any."""
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


def number(page: str) -> int:
    """The page that the address asks for, from 1."""
    # The widget that holds it comes below the list, so on the first run of an address it has not read it yet.
    given = str(st.session_state.get(page) or st.query_params.get(page, ""))
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 9 else 1


def turn(total: int, *, page: str) -> None:
    """The pages of a list of `total` rows, where there are several."""
    pages = -(-total // PAGE)
    if pages > 1:
        st.pagination(pages, key=page, bind="query-params")


def clear(defaults: Mapping[str, object]) -> None:
    """A button that puts widgets back to `defaults`, which leaves the address clean."""
    st.button(
        "Clear filters", on_click=_set, args=(defaults,), icon=":material/close:", type="tertiary"
    )


def first(page: str) -> None:
    """Go to the first page: what a change of a picker calls."""
    st.session_state[page] = 1


def _set(values: Mapping[str, object]) -> None:
    for key, value in values.items():
        st.session_state[key] = value
