"""Objects under one address: in a bucket that speaks S3, or in a folder that several machines share.

An object appears whole or not at all. Credentials and endpoint come from the environment, as obstore reads it
(AWS_ACCESS_KEY_ID and so on); no message holds what a server says beyond its status and its word for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.core.errors import ConfigError, SourceError

PATIENCE = timedelta(seconds=20)
"""The time in which one request is tried again, three times at most."""

_STATUS = re.compile(r"status code: (\d{3}(?: [A-Z][A-Za-z ]{0,40})?)")
_CODE = re.compile(r"<Code>(\w{1,60})</Code>")
_OF_SYSTEM = re.compile(r'message: "([\w ]{1,80})"')


@dataclass(frozen=True, slots=True)
class Object:
    """An object's key below the address, its size in bytes, and when it was put there."""

    key: str
    size: int
    put_at: datetime


class Objects:
    """The objects at `address` ("s3://BUCKET/PREFIX" or "file:///FOLDER"), which several threads may ask.

    Raises ConfigError where obstore is not installed. Each method raises SourceError, with the address and
    what is wrong, where the storage cannot be used.
    """

    def __init__(self, address: str) -> None:
        try:
            import obstore
        except ImportError as error:
            words = f"[engine] storage = {address!r} needs obstore: pip install 'rumortrail[cluster]'"
            raise ConfigError(words) from error
        self.address = address
        self._obstore = obstore
        options: dict[str, Any] = {"mkdir": True} if address.startswith("file:") else {
            "retry_config": {"max_retries": 3, "retry_timeout": PATIENCE}
        }
        with self._told():
            self._store = obstore.store.from_url(address, **options)

    def put(self, key: str, file: Path) -> None:
        """Put the content of `file` at `key`, in the place of what is there."""
        with self._told():
            self._obstore.put(self._store, key, file)

    def has(self, key: str) -> bool:
        """Return whether there is an object at `key`."""
        with self._told():
            try:
                self._obstore.head(self._store, key)
            except FileNotFoundError:
                return False
        return True

    def get(self, key: str) -> Iterator[bytes]:
        """Yield the content of the object at `key`, piece by piece."""
        with self._told():
            for piece in self._obstore.get(self._store, key).stream():
                yield bytes(piece)

    def list(self, folder: str, after: str = "") -> Iterator[Object]:
        """Yield the objects below `folder`, a part of keys; of them those whose key lies `after` that."""
        with self._told():
            for page in self._obstore.list(self._store, prefix=folder, offset=after or None):
                for found in page:
                    yield Object(found["path"], found["size"], found["last_modified"])

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what obstore raises into words of ours: its own hold the server's whole answer."""
        errors = (self._obstore.exceptions.BaseError, OSError)
        try:
            yield
        except errors as error:
            raise SourceError(f"the storage {self.address} {_words(error)}") from None


def _words(error: Exception) -> str:
    told = str(error)
    if status := _STATUS.search(told):
        code = _CODE.search(told)
        return f"answered {status[1].strip()}{f' ({code[1]})' if code else ''}"
    system = _OF_SYSTEM.search(told)
    return f"cannot be used: {system[1] if system else type(error).__name__}"
