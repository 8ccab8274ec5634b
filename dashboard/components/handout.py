"""What a reader takes from a chart: its picture as SVG, its data as CSV, and a line to cite it by."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.components import html
from dashboard.data import queries
from dashboard.data.queries import Copy
from pipeline.exports.citation import cited_chart

_html = html.Template("components/handout.html")


def put(copy: Copy, title: str, name: str, *, csv: Callable[[], bytes] | None = None,
        svg: Callable[[], bytes] | None = None) -> None:
    """Draw the buttons and the line below a chart; files are made when their button is clicked.

    `title` says what the chart shows, `name` begins the names of the files. Without `svg` the picture is
    saved as PNG, from the chart's own buttons; without `csv` the page has the data elsewhere.
    """
    with st.container(horizontal=True, vertical_alignment="center", key=f"handout-{name}"):
        if svg:
            st.download_button("Picture (SVG)", svg, f"{name}.svg", "image/svg+xml", key=f"svg-{name}",
                               icon=":material/image:", on_click="ignore", type="tertiary")
        if csv:
            st.download_button("Data (CSV)", csv, f"{name}.csv", "text/csv", key=f"csv-{name}",
                               icon=":material/table:", on_click="ignore", type="tertiary")
        st.html(_html.cite(cited_chart(title, queries.published_at(copy)), not svg), width="stretch")
