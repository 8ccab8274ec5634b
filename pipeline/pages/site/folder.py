"""The folder of a site: what we wrote there, written whole, and nothing else touched."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.core.errors import ConfigError
from pipeline.core.files import replacing
from pipeline.core.home import Home

MANIFEST = ".rumortrail-site.json"
_FORM = 1
# Two folders deep at most; what a manifest names and is of another form was not written by us.
_NAME = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}/)?[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}")
_PART = re.compile(r"\.(.+)\.\d+\.part")
# What a web host or a program for versions keeps in a folder that is to be published.
_OF_THE_HOST = {"CNAME", "LICENSE", "README.md", "_headers", "_redirects"}

Stamp = tuple[int, int]
"""Bytes of a file, and when it was last written (ns)."""


@dataclass(slots=True)
class Page:
    """What was written for one page: a hash of its inputs, and its files with their stamps."""

    inputs: str
    files: dict[str, Stamp] = field(default_factory=dict)

    def stands(self, root: Path, inputs: str) -> bool:
        """Return whether the page was made of `inputs` and its files are as we left them."""
        return self.inputs == inputs and all(
            _stamp(root / name) == stamp for name, stamp in self.files.items()
        )


@dataclass(slots=True)
class Written:
    """How many files a run wrote, found unchanged, and removed; `left` are those of others in our way."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0
    left: list[str] = field(default_factory=list)

    def add(self, other: Written) -> None:
        """Count what another part of the run did."""
        self.written += other.written
        self.unchanged += other.unchanged
        self.removed += other.removed
        self.left += other.left


class Folder:
    """A site's folder with its manifest: the pages that stand in it, and the files that may be ours."""

    def __init__(self, root: Path, home: Home) -> None:
        """Open the folder, which is made where it is missing.

        Raises ConfigError where it holds the home, lies where the home keeps its files, or has files in it
        that no site wrote.
        """
        self.root = root = root.expanduser().resolve()
        if root == home.path or root in home.path.parents:
            raise ConfigError(f"{root} holds the home folder: name a folder of its own for the site")
        home_folders = (home.inbox, home.archive, home.index, home.digests, home.changes_feed.parent)
        if any(root.is_relative_to(folder) for folder in home_folders):
            raise ConfigError(f"{root} is for the home's own files: name a folder of its own for the site")
        if root.exists() and not root.is_dir():
            raise ConfigError(f"{root} is a file: name a folder for the site")
        self.pages, planned = _load(root / MANIFEST)
        foreign = [] if (root / MANIFEST).exists() else sorted(_foreign(root))
        if foreign:
            names = ", ".join(foreign[:3]) + (" …" if len(foreign) > 3 else "")
            raise ConfigError(
                f"{root} holds {len(foreign)} file(s) that no site wrote ({names}): name an empty folder, or"
                " one that `rumortrail site` wrote before"
            )
        root.mkdir(parents=True, exist_ok=True)
        self.owned = {name for page in self.pages.values() for name in page.files} | planned

    def begin(self, planned: Iterable[str], kept: Collection[str]) -> Written:
        """Remove the files of pages that are not in `kept`, and note those that a killed run may leave.

        `planned` are the files that may be written: what stands under such a name and is not ours is left.
        """
        done = Written()
        gone_files = {name for page in self.pages.keys() - set(kept) for name in self.pages[page].files}
        kept_files = {name for page in self.pages.keys() & set(kept) for name in self.pages[page].files}
        self.pages = {name: page for name, page in self.pages.items() if name in kept}
        names = set(planned)
        done.removed = self._remove(gone_files - kept_files)
        done.left = sorted(name for name in names - self.owned if _stamp(self.root / name))
        self.owned |= names.difference(done.left)
        for folder in {str(Path(name).parent) for name in self.owned}:
            (self.root / folder).mkdir(exist_ok=True)
        self._sweep()
        self._save(self.owned)
        return done

    def finish(self, pages: Mapping[str, Page]) -> int:
        """Note the pages that now stand; remove all other files of ours, and return how many."""
        self.pages = dict(pages)
        standing = {name for page in self.pages.values() for name in page.files}
        removed = self._remove(self.owned - standing)
        self.owned = standing
        self._save(())
        return removed

    def _remove(self, names: Iterable[str]) -> int:
        count = 0
        for name in names:
            if _NAME.fullmatch(name) and _stamp(self.root / name):
                (self.root / name).unlink()
                count += 1
        self.owned.difference_update(names)
        return count

    def _sweep(self) -> None:
        """Remove what a killed run had begun to write."""
        for folder in {(self.root / name).parent for name in self.owned} | {self.root}:
            for part in folder.glob(".*.part"):
                match = _PART.fullmatch(part.name)
                name = str((folder / match[1]).relative_to(self.root)) if match else ""
                if name in self.owned or name == MANIFEST:
                    part.unlink(missing_ok=True)

    def _save(self, planned: Iterable[str]) -> None:
        pages = {name: [page.inputs, page.files] for name, page in sorted(self.pages.items())}
        written = {"rumortrail site": _FORM, "pages": pages, "planned": sorted(planned)}
        with replacing(self.root / MANIFEST) as stream:
            stream.write(json.dumps(written, indent=0).encode())


def put(root: Path, inputs: str, files: Mapping[str, bytes], left: Collection[str]) -> tuple[Page, Written]:
    """Write the files of a page, each whole or not at all, but none of `left`, which are somebody else's."""
    page, done = Page(inputs), Written()
    for name, content in files.items():
        target = root / name
        if name in left:
            continue
        if _stamp(target) and target.read_bytes() == content:
            done.unchanged += 1
        else:
            with replacing(target, durable=False) as stream:
                stream.write(content)
            done.written += 1
        stamp = _stamp(target)
        assert stamp is not None, name
        page.files[name] = stamp
    return page, done


def _stamp(path: Path) -> Stamp | None:
    try:
        stat = path.lstat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns


def _foreign(root: Path) -> Iterable[str]:
    """Yield the names in a folder that neither we nor a web host put there."""
    for path in root.iterdir() if root.exists() else ():
        if not path.name.startswith(".") and path.name not in _OF_THE_HOST:
            yield path.name


def _load(file: Path) -> tuple[dict[str, Page], set[str]]:
    """Return the pages and the planned files of a manifest. Raises ConfigError where it is not ours."""
    if not file.exists():
        return {}, set()
    try:
        manifest: dict[str, Any] = json.loads(file.read_bytes())
        if manifest["rumortrail site"] != _FORM:
            raise ValueError(f"form {manifest['rumortrail site']!r}")
        pages = {
            name: Page(inputs, {path: (int(size), int(when)) for path, (size, when) in files.items()})
            for name, (inputs, files) in manifest["pages"].items()
        }
        planned = set(manifest["planned"])
        odd_names = [name for page in pages.values() for name in page.files if not _NAME.fullmatch(name)]
        odd_names += [name for name in planned if not _NAME.fullmatch(name)]
        if odd_names:
            raise ValueError(f"it names {odd_names[0][:80]!r}")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"{file} is not the list of a site's files ({error}): delete the folder, and write it anew"
        ) from error
    return pages, planned
