"""Charts checked against Vega-Lite's schema."""

from __future__ import annotations

import json
from typing import Any

import altair as alt

from dashboard.components.charts.spec import Chart

_CHECKED: set[object] = set()


def checked(chart: Chart) -> dict[str, Any]:
    """Return the specification of a chart that Vega-Lite's schema allows; raises ValidationError.

    One of the same shape as an earlier one is not checked again: that takes longer than making it.
    """
    spec = chart.spec()
    spec["datasets"] = {
        name: json.loads(frame.to_json(orient="records", date_format="iso"))
        for name, frame in spec["datasets"].items()
    }
    shape = _shape({name: value for name, value in spec.items() if name != "datasets"})
    if shape not in _CHECKED:
        alt.LayerChart.from_dict(spec)
        _CHECKED.add(shape)
    return spec


def _shape(part: Any) -> object:
    """Return the names by place, with the types of their values; words among the values are kept."""
    if isinstance(part, dict):
        return frozenset((name, _shape(value)) for name, value in part.items())
    if isinstance(part, list):
        return frozenset(map(_shape, part))
    return part if isinstance(part, str) and part.isalpha() else type(part)
