"""Answers that cannot be given, as problems of RFC 9457 in plain words."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

MEDIA = "application/problem+json"
TITLES = {
    "unknown": (404, "Not found"),
    "method": (405, "This address can only be read"),
    "parameters": (400, "The request cannot be read"),
    "cursor": (410, "The list has changed"),
    "body": (400, "The text cannot be read"),
    "too_large": (413, "The text is too long"),
    "too_slow": (408, "The text did not arrive"),
    "too_many": (429, "Too many questions"),
    "busy": (503, "The server is busy"),
    "too_long": (503, "The question takes too long"),
    "outdated": (503, "The published copy is outdated"),
    "unpublished": (503, "Nothing is published yet"),
}
"""The kinds of problem: status and title."""


class Fault(BaseModel):
    """One thing that is wrong with a question."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    parameter: str
    detail: str


class ProblemDocument(BaseModel):
    """Why there is no answer (RFC 9457)."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    type: str
    """The kind of problem: an anchor on the page /api/."""
    title: str
    status: int
    detail: str
    """What happened, and what to do, in plain words."""
    faults: list[Fault] = []
    """What is wrong with which parameter, all at once."""


class Problem(Exception):
    """An answer that cannot be given; `wait` is after how many seconds to ask again."""

    def __init__(self, kind: str, detail: str, faults: list[Fault] | None = None, wait: int = 0) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.faults, self.wait = kind, detail, faults or [], wait

    def response(self) -> Response:
        """Return the problem as an answer."""
        status, title = TITLES[self.kind]
        document = ProblemDocument(
            type=f"/api/#{self.kind}", title=title, status=status, detail=self.detail, faults=self.faults
        )
        headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(self.wait)} if self.wait else {})
        return Response(document.model_dump_json(), status, headers, MEDIA)
