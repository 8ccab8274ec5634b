"""Files that are kept by the SHA-256 of what is in them, in a folder or in S3-compatible object storage."""

from __future__ import annotations

import hashlib
from pathlib import Path

from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from pipeline.core.errors import DataError
from pipeline.core.files import replacing
from pipeline.core.text import one_line
from pipeline.lake.connection import s3_settings

_BLOCK = 1 << 20


class FileStore:
    """Holds each content once, as `files/ab/abcd...`; nothing is ever replaced or deleted.

    `place` is s3://bucket/prefix, or the path of a folder. The server and the keys of S3 are what AWS_* of
    the environment says. What fails raises DataError.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        if place.startswith("s3://"):
            plain = s3_settings().get("endpoint", "").startswith("http://")
            self._store: S3Store | LocalStore = S3Store.from_url(place, client_options={"allow_http": plain})
        else:
            self._store = LocalStore(Path(place), mkdir=True)

    def has(self, sha256: str, size: int) -> bool:
        """Return whether a content is there, whole."""
        try:
            return int(self._store.head(_key(sha256))["size"]) == size
        except FileNotFoundError:
            return False
        except (OSError, BaseError) as error:
            raise self._fault(error) from error

    def put(self, file: Path, sha256: str) -> None:
        """Keep the content of a file, whose hash is given."""
        try:
            self._store.put(_key(sha256), file)
        except (OSError, BaseError) as error:
            raise self._fault(error) from error

    def fetch(self, sha256: str, target: Path) -> None:
        """Write a content to `target`, whole or not at all. Raises DataError where it is not what it was."""
        digest = hashlib.sha256()
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with replacing(target) as stream:
                for part in self._store.get(_key(sha256)).stream():
                    digest.update(part)
                    stream.write(part)
                if digest.hexdigest() != sha256:
                    raise DataError(f"{self.place}: {_key(sha256)} is not what was kept: its hash is another")
        except (OSError, BaseError) as error:
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> DataError:
        return DataError(f"{self.place}: {one_line(error, 300)}")


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of what is in a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _key(sha256: str) -> str:
    return f"files/{sha256[:2]}/{sha256}"
