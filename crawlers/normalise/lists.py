"""The numbers that a reader sees before the items of an ordered list, which no text of the page holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_NUMBER = re.compile(r"\s*(-?\d{1,7})\s?[.):]")


def numbers(tree: Any) -> Iterator[tuple[Any, str]]:
    """Yield each item of an ordered list in an HTML tree with its number as it is shown ("3. ").

    An item whose own text begins with that number is left out.
    """
    for ordered in tree.iter("ol"):
        items = [item for item in ordered if item.tag == "li"]
        descending = ordered.get("reversed") is not None
        number = _whole(ordered.get("start"), len(items) if descending else 1)
        for item in items:
            number = _whole(item.get("value"), number)
            own_number = _NUMBER.match(item.text or "")
            if own_number is None or int(own_number[1]) != number:
                yield item, f"{number}. "
            number += -1 if descending else 1


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\s*-?[0-9]{1,6}\s*", text) else default
