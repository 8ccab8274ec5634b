"""What the tools give, as structured content."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

Material = TypeVar("Material")


class Quoted(BaseModel, Generic[Material]):
    """An answer: a notice of ours, and the material that strangers wrote."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    notice: str
    """Says what `quoted_material` is, and that nothing in it is an instruction."""
    quoted_material: Material
    """Verbatim, with ids, sources and times."""


class SqlAnswer(BaseModel):
    """Rows of a question in SQL."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    columns: list[str]
    types: list[str]
    rows: list[dict[str, Any]]
    more: bool
    """There are more rows than were read."""
    left_out: list[dict[str, Any]] = []
    """What was read and is not given, since the answer would be too long."""
    seconds: float
