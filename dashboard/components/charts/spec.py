"""Charts in Vega-Lite's own words.

Altair makes and checks an object for each word and copies all of them each time that layers are put together,
which takes longer than the rest of a page. What is written with this module is checked against Vega-Lite's
schema where it is tested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.components.charts.style import FONT

Words = dict[str, Any]
_TYPES = {"N": "nominal", "Q": "quantitative", "T": "temporal"}
# The version of Vega-Lite that Streamlit draws with.
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def field(name: str, **more: Any) -> Words:
    """Return the channel of a column: "at:T" is one of times, ":N" of names, ":Q" of numbers."""
    name, _, kind = name.partition(":")
    return {"field": name} | ({"type": _TYPES[kind]} if kind else {}) | more


def scale(domain: Sequence[str], values: Sequence[str]) -> Words:
    """Return a scale that gives each word of `domain` a colour or shape."""
    return {"domain": list(domain), "range": list(values)}


def legendless(name: str, scale: Words | None) -> Words:
    """Return the channel of a column of names or numbers that no legend explains."""
    return field(name, legend=None, scale=scale)


def condition(test: str, then: Words, otherwise: Any) -> Words:
    """Return a channel that is `then` where the expression `test` holds, else the value `otherwise`."""
    return {"condition": {"test": test} | then, "value": otherwise}


def layer(data: pd.DataFrame, mark: str, look: Words, /, **encoding: Any) -> Words:
    """Return a layer of marks, a mark for each row of `data`."""
    return {"data": data, "mark": {"type": mark} | look, "encoding": encoding}


_AXIS = 21
"""Pixels of the axis below the box: Streamlit fits box, axis and padding into the height of a chart."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Layers one above the other in a box `height` pixels high above an axis, as wide as the page.

    `apart` names the channels in which each layer has a scale of its own.
    """

    layers: list[Words]
    height: int
    padding: Words
    apart: tuple[str, ...]

    def spec(self) -> Words:
        """Return the specification with its frames as `datasets`, for Streamlit."""
        frames: dict[str, pd.DataFrame] = {}
        layers = []
        for layer in self.layers:
            name = f"{id(layer['data'])}"
            frames[name] = layer["data"]
            layers.append(layer | {"data": {"name": name}})
        return {
            "$schema": _SCHEMA,
            "config": {"view": {"stroke": None}, "font": FONT},
            "layer": layers,
            "height": self.height + _AXIS + self.padding["top"] + self.padding["bottom"],
            "width": "container",
            "background": "transparent",
            "padding": self.padding,
            "resolve": {"scale": dict.fromkeys(self.apart, "independent")},
            "datasets": frames,
        }
