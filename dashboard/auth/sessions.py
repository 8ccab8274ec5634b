"""Which sign-ins of an editor hold: all of them end when the editor signs out, on every machine."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from pipeline.core.files import FileLock, write_whole


class Sessions:
    """The mark that an editor's cookies bear until the next signing out, in `path`, a JSON file.

    Without the file, or with a damaged one, everybody signs in again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def holds(self, name: str, mark: object) -> bool:
        """Return whether a cookie of `name` with this mark is one of the present sign-ins."""
        return mark is not None and self._all().get(name) == mark

    def begin(self, name: str) -> str:
        """Return the mark for a cookie of `name`; writes it where there is none."""
        return self._put(name, new=False)

    def end(self, name: str) -> None:
        """End all sign-ins of `name`."""
        self._put(name, new=True)

    def _put(self, name: str, *, new: bool) -> str:
        with FileLock(self.path.with_name(f"{self.path.name}.lock")).held(wait=lambda _holder: 10.0):
            if not new and (current := self._all().get(name)):
                return current
            mark = secrets.token_urlsafe(12)
            write_whole(self.path, json.dumps({**self._all(), name: mark}, indent=1))
        return mark

    def _all(self) -> dict[str, str]:
        try:
            marks = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return marks if isinstance(marks, dict) else {}
