"""What a registry of models says of one model, read from its file and told in sentences.

models.dev keeps a TOML file for each model, and one for each provider that serves it
(https://github.com/anomalyco/models.dev#contributing). LiteLLM keeps one JSON object with an entry for each
model of each provider, whose prices are for one token.
"""

from __future__ import annotations

import re
import tomllib
from calendar import month_name
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crawlers.normalise.time_limit import bounded

MAX_FILE = 100_000
"""Bytes of one model's file at most: they have some five hundred."""
FILE_SECONDS = 1.0
"""Processor seconds that one file may hold up the crawl: a key of ten thousand parts would take minutes."""
MOST = 1e12
"""No price and no number of tokens is believed beyond this."""

_DAY = re.compile(r"(20\d\d)-(\d\d)(?:-(\d\d))?")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of a model. `released` is a day or a month; prices are in dollars for a million tokens.

    `through` is the provider whose price it is, where that is not the maker.
    """

    name: str
    released: str | None = None
    weights: bool | None = None
    context: int | None = None
    read: float | None = None
    written: float | None = None
    through: str | None = None

    def text(self, said: date) -> str:
        """Return a sentence for each fact, as it was said on the day `said`; empty where nothing is said."""
        lines = [self._release(said), self._weights(), self._context(), self._price()]
        return "\n\n".join(line for line in lines if line)

    def _release(self, said: date) -> str:
        match = _DAY.fullmatch(self.released or "")
        if match is None:
            return ""
        year, month, day = int(match[1]), int(match[2]), int(match[3] or 1)
        try:
            day_released = date(year, month, day)
        except ValueError:
            return ""
        when = f"on {day} {month_name[month]} {year}" if match[3] else f"in {month_name[month]} {year}"
        return f"{self.name} {'was' if day_released <= said else 'will be'} released {when}."

    def _weights(self) -> str:
        if self.weights is None:
            return ""
        return f"{self.name} is {'' if self.weights else 'not '}an open-weights model."

    def _context(self) -> str:
        return f"{self.name} has a context window of {self.context:,} tokens." if self.context else ""

    def _price(self) -> str:
        if not self.read or not self.written:  # nought stands for a price that is not known, too
            return ""
        seller = f" through {self.through}" if self.through else ""
        read, written = _dollars(self.read), _dollars(self.written)
        prices = f"{read} per million input tokens and {written} per million output tokens"
        return f"{self.name} costs {prices}{seller}."


def read_toml(body: bytes) -> dict[str, Any]:
    """Return the table in a model's file. Raises ValueError for anything else."""
    if len(body) > MAX_FILE:
        raise ValueError(f"a model's file of {len(body):,} bytes; {MAX_FILE:,} are read")
    try:
        with bounded(FILE_SECONDS, "a model's file"):
            return tomllib.loads(body.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("TOML that is nested too deeply") from error


def facts_of_files(model: dict[str, Any], served: dict[str, Any]) -> Facts:
    """Return what models.dev says of a model, and its maker's price from the file of what the maker serves.

    Raises ValueError where the model has no name.
    """
    name = model.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ValueError("a model without a name")
    released, weights = model.get("release_date"), model.get("open_weights")
    if isinstance(released, date) and not isinstance(released, datetime):
        released = released.isoformat()
    cost = _table(served, "cost") or _table(model, "cost")
    return Facts(
        " ".join(name.split()),
        released if isinstance(released, str) else None,
        weights if isinstance(weights, bool) else None,
        _count(_table(model, "limit").get("context")),
        _number(cost.get("input")),
        _number(cost.get("output")),
    )


def facts_of_entry(key: str, entry: dict[str, Any]) -> Facts:
    """Return what LiteLLM's price list says of the model of one entry."""
    provider = entry.get("litellm_provider")
    return Facts(
        key.rpartition("/")[2],
        context=_count(entry.get("max_input_tokens")),
        read=(_number(entry.get("input_cost_per_token")) or 0) * 1_000_000,
        written=(_number(entry.get("output_cost_per_token")) or 0) * 1_000_000,
        through=provider if isinstance(provider, str) and provider.strip() else None,
    )


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    table = data.get(name)
    return table if isinstance(table, dict) else {}


def _count(value: Any) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number >= 1 else None


def _dollars(price: float) -> str:
    """Return a price as people write it: $3, $0.30, $0.0035."""
    dollars, _, cents = f"{price:,.6f}".rstrip("0").partition(".")
    return f"${dollars}.{cents:0<2}" if cents else f"${dollars}"


def _number(value: Any) -> float | None:
    """Return a number that could be a price or a count; a truth value, which counts as 0 or 1, is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if 0 <= value <= MOST else None
