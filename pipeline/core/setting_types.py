"""What a setting may hold: numbers, and addresses that are refused early.

Messages are worded for `Config.load`: each says what is allowed.
"""

from __future__ import annotations

import os
import re
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
)


def _web_address(url: str) -> str:
    if url and not url.startswith(("https://", "http://")):
        raise ValueError("an address that begins with https:// or http://")
    return url


def on_this_machine(url: str) -> bool:
    """Return whether an address leads to the machine itself."""
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None


def _sealed_address(url: str) -> str:
    """Refuse an address that would be read on its way, and one that holds more than host and path."""
    requirement = "an https:// address, or http:// on this machine, with host and path and nothing else"
    if not url:
        return url
    parts = urlsplit(url)
    sealed = parts.scheme == "https" or (parts.scheme == "http" and on_this_machine(url))
    if not sealed or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(requirement)
    return url


def storage_address(given: str) -> str:
    """Return the one form of an address of object storage: s3://BUCKET/PREFIX, or the path of a folder.

    Raises ValueError for what is neither a bucket's nor a folder's, and for what holds a credential.
    """
    parts = urlsplit(given)
    bare = not (parts.query or parts.fragment)
    if not given or (parts.scheme == "s3" and parts.netloc and "@" not in parts.netloc and bare):
        return given.rstrip("/")
    path = unquote(parts.path) if parts.scheme == "file" and not parts.netloc and bare else given
    folder = os.path.normpath(path).lstrip("/")
    if not path.startswith("/") or not folder:
        requirement = "s3://BUCKET/PREFIX, file:///FOLDER or the whole path of a folder"
        raise ValueError(f"{requirement} (credentials come from the environment)")
    return f"/{folder}"


def _several(value: object) -> object:
    """Take one text for a list of one, and an empty text for none."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise ValueError("a text in quotes, or a list of them")
    return tuple(text for text in texts if text)


def _each_at_its_own_host(urls: tuple[str, ...]) -> tuple[str, ...]:
    if len({urlsplit(url).netloc.rpartition("@")[2].lower() for url in urls}) < len(urls):
        raise ValueError("addresses at hosts that differ: one authority twice attests no more than once")
    return urls


def _lake_address(address: str) -> str:
    """Refuse an address of another kind early; what stands behind it is read where it is used."""
    if address and not address.startswith("ducklake:postgres:"):
        raise ValueError("ducklake:postgres: and a database of PostgreSQL")
    return address


def _file_or_lake(read: str) -> str:
    if read not in ("file", "lake"):
        raise ValueError('"file" or "lake"')
    return read


Whole = Annotated[int, Field(strict=True, ge=0)]
Number = Annotated[float, Field(strict=True, ge=0)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
SealedAddress = Annotated[str, AfterValidator(_sealed_address)]
LakeAddress = Annotated[str, AfterValidator(_lake_address)]
StorageAddress = Annotated[str, AfterValidator(storage_address)]
FileOrLake = Annotated[str, AfterValidator(_file_or_lake)]
Authorities = Annotated[tuple[str, ...], BeforeValidator(_several), AfterValidator(_each_at_its_own_host)]
