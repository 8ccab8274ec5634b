"""Objects under one address: in a bucket that speaks S3, or in a folder that several machines share.

An object appears whole or not at all. Keys and server of S3 come from the environment (AWS_ACCESS_KEY_ID and
so on); no message holds what a server says beyond its status and its word for it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.core.errors import ConfigError, DataError, SourceError
from pipeline.core.files import replacing

S3 = "s3://"
"""The beginning of the address of a bucket; any other is the path of a folder."""
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
    """The objects at `address` ("s3://BUCKET/PREFIX" or the path of a folder), which several threads may ask.

    Raises ConfigError where obstore is not installed. Each method raises SourceError, with the address and
    what is wrong, where the storage cannot be used.
    """

    def __init__(self, address: str) -> None:
        try:
            import obstore
        except ImportError as error:
            message = f"the storage {address} needs obstore: pip install 'rumortrail[cluster]'"
            raise ConfigError(message) from error
        self.address = address
        # Any, as where it is not installed: its own types differ by the settings that each server takes.
        self._obstore: Any = obstore
        with self._as_source_error():
            if not address.startswith(S3):
                self._store = self._obstore.store.LocalStore(Path(address), mkdir=True)
                return
            options: dict[str, Any] = {"retry_config": {"max_retries": 3, "retry_timeout": PATIENCE}}
            settings = s3_settings()
            if settings.get("endpoint", "").startswith("http://"):
                options["client_options"] = {"allow_http": True}
            self._store = self._obstore.store.S3Store.from_url(address, **options, **settings)

    def put(self, key: str, file: Path) -> None:
        """Put the content of `file` at `key`, in the place of what is there."""
        with self._as_source_error():
            self._obstore.put(self._store, key, file)

    def has(self, key: str, size: int) -> bool:
        """Return whether there is an object of `size` bytes at `key`: a power cut may leave an empty file."""
        with self._as_source_error():
            try:
                return int(self._obstore.head(self._store, key)["size"]) == size
            except FileNotFoundError:
                return False

    def get(self, key: str) -> Iterator[bytes]:
        """Yield the content of the object at `key`, piece by piece."""
        with self._as_source_error():
            for piece in self._obstore.get(self._store, key).stream():
                yield bytes(piece)

    def fetch(self, key: str, sha256: str, target: Path) -> None:
        """Write the content of the object at `key` to `target`, whole or not at all.

        Raises DataError where its hash is another, or `target` cannot be written.
        """
        digest = hashlib.sha256()
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with replacing(target) as stream:
                for piece in self.get(key):
                    digest.update(piece)
                    stream.write(piece)
                if (actual := digest.hexdigest()) != sha256:
                    hashes = f"its content has SHA-256 {actual}, and was kept with {sha256}"
                    raise DataError(f"{key} in the storage {self.address} is damaged: {hashes}")
        except OSError as error:
            raise DataError(f"{target} cannot be written: {error.strerror or error}") from error

    def list(self, folder: str, after: str = "") -> Iterator[Object]:
        """Yield the objects below `folder`, a part of keys; of them those whose key lies `after` that."""
        with self._as_source_error():
            for page in self._obstore.list(self._store, prefix=folder, offset=after or None):
                for entry in page:
                    yield Object(entry["path"], entry["size"], entry["last_modified"])

    @contextmanager
    def _as_source_error(self) -> Iterator[None]:
        """Raise SourceError in place of obstore's errors, whose messages hold the server's whole answer."""
        errors = (self._obstore.exceptions.BaseError, OSError)
        try:
            yield
        except errors as error:
            raise SourceError(f"the storage {self.address} {_words(error)}") from None


def s3_settings() -> dict[str, str]:
    """Return what AWS_* of the environment says: keys, region, and the endpoint of a server of one's own."""
    names = {
        "access_key_id": ("AWS_ACCESS_KEY_ID",), "secret_access_key": ("AWS_SECRET_ACCESS_KEY",),
        "session_token": ("AWS_SESSION_TOKEN",), "region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
        "endpoint": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
    }  # fmt: skip
    present = {key: [os.environ[name] for name in variables if os.environ.get(name)]
             for key, variables in names.items()}
    return {key: values[0] for key, values in present.items() if values}


def _words(error: Exception) -> str:
    text = str(error)
    if status := _STATUS.search(text):
        code = _CODE.search(text)
        return f"answered {status[1].strip()}{f' ({code[1]})' if code else ''}"
    system = _OF_SYSTEM.search(text)
    return f"cannot be used: {system[1] if system else type(error).__name__}"
