"""Charts on a page."""

from __future__ import annotations

from typing import Any, cast

import altair as alt
import streamlit as st

from dashboard.components.charts.spec import Chart


class _Unchecked:
    """A chart that is not checked against Vega-Lite's schema when drawn: that takes longer than making it.

    Charts are checked where they are tested; nothing of them but their data comes from strangers.
    """

    def __init__(self, chart: alt.TopLevelMixin) -> None:
        self._chart = chart

    def to_dict(self) -> dict[str, Any]:
        """Return the specification, for Streamlit."""
        specification: dict[str, Any] = self._chart.to_dict(validate=False)
        return specification


def put(chart: Chart | alt.TopLevelMixin, alternative: str | None = None) -> None:
    """Draw `chart` in its own colours; `alternative` is read out where it cannot be seen."""
    if isinstance(chart, Chart):
        st.vega_lite_chart(spec=chart.spec(), theme=None, alt=alternative)
        return
    st.altair_chart(cast("alt.Chart", _Unchecked(chart)), theme=None, alt=alternative)
