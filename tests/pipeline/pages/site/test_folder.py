"""The folder of a site: what is ours is kept, removed and finished; what is not is never touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.core.errors import ConfigError
from pipeline.core.home import Home
from pipeline.pages.site.folder import MANIFEST, Folder, Page, put
from tests.pipeline.pages.site.conftest import files_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "out"


def write(root: Path, home: Home, pages: dict[str, bytes]) -> Folder:
    """Write pages of one file each, as a whole run does."""
    folder = Folder(root, home)
    plan = folder.begin(pages, pages)
    now: dict[str, Page] = {}
    for name, content in pages.items():
        now[name], _ = put(folder.root, "made of this", {name: content}, plan.left)
    folder.finish(now)
    return folder


def test_what_a_web_host_keeps_there_stays(root: Path, home: Home) -> None:
    (root / ".git").mkdir(parents=True)
    (root / ".git" / "HEAD").write_text("ref")
    (root / "CNAME").write_text("paper.example")
    write(root, home, {"index.html": b"one", "c/c1.html": b"two"})
    (root / "photo.jpg").write_bytes(b"theirs")
    write(root, home, {"index.html": b"one"})
    kept_files = files_of(root)
    del kept_files[MANIFEST]
    their_files = {".git/HEAD": b"ref", "CNAME": b"paper.example", "photo.jpg": b"theirs"}
    assert kept_files == {"index.html": b"one", **their_files}


def test_a_file_of_others_in_our_way_is_left_and_told(root: Path, home: Home) -> None:
    write(root, home, {"index.html": b"one"})
    (root / "robots.txt").write_bytes(b"theirs")
    folder = Folder(root, home)
    plan = folder.begin(["index.html", "robots.txt"], ["index.html", "robots.txt"])
    assert plan.left == ["robots.txt"]
    page, put_files = put(root, "x", {"robots.txt": b"ours"}, plan.left)
    folder.finish({"robots.txt": page})
    assert (root / "robots.txt").read_bytes() == b"theirs" and put_files.written == 0
    assert not Folder(root, home).owned


def test_a_folder_of_others_is_refused(root: Path, home: Home, tmp_path: Path) -> None:
    root.mkdir()
    (root / "thesis.tex").write_text("years of work")
    with pytest.raises(ConfigError, match=r"no site wrote \(thesis.tex\)"):
        Folder(root, home)
    for refused_folder in (home.path, home.path.parent):
        with pytest.raises(ConfigError, match="holds the home folder"):
            Folder(refused_folder, home)
    with pytest.raises(ConfigError, match="for the home's own files"):
        Folder(home.archive / "site", home)
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match="is a file"):
        Folder(tmp_path / "file", home)
    assert files_of(root) == {"thesis.tex": b"years of work"}


@pytest.mark.parametrize("name", ["../../precious", "/etc/hostname", "a/b/c", "..", ""])
def test_a_manifest_that_names_files_elsewhere_is_refused(root: Path, home: Home, name: str) -> None:
    write(root, home, {"index.html": b"one"})
    manifest = json.loads((root / MANIFEST).read_text())
    manifest["planned"] = [name]
    (root / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ConfigError, match="not the list of a site's files"):
        Folder(root, home)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"rumortrail site": 2}', "\x00"])
def test_a_damaged_manifest_is_told(root: Path, home: Home, content: str) -> None:
    write(root, home, {"index.html": b"one"})
    (root / MANIFEST).write_text(content)
    with pytest.raises(ConfigError, match="delete the folder"):
        Folder(root, home)


def test_what_a_killed_run_left_is_ours(root: Path, home: Home) -> None:
    write(root, home, {"index.html": b"one"})
    folder = Folder(root, home)
    folder.begin(["index.html", "c/c1.html", "c/c2.html"], ["index.html", "c/c1.html", "c/c2.html"])
    put(root, "x", {"c/c1.html": b"whole"}, ())
    (root / "c" / ".c2.html.123.part").write_bytes(b"ha")
    (root / "c" / ".notes.123.part").write_bytes(b"theirs")
    # Killed here. The claim is gone by the next run.
    write(root, home, {"index.html": b"one", "c/c2.html": b"two"})
    kept_files = files_of(root)
    del kept_files[MANIFEST]
    assert kept_files == {"index.html": b"one", "c/c2.html": b"two", "c/.notes.123.part": b"theirs"}


def test_a_page_stands_only_with_its_inputs_and_its_files(root: Path, home: Home) -> None:
    page = write(root, home, {"index.html": b"one"}).pages["index.html"]
    assert page.stands(root, "made of this") and not page.stands(root, "made of something else")
    (root / "index.html").write_bytes(b"two")
    assert not page.stands(root, "made of this")
    (root / "index.html").unlink()
    assert not page.stands(root, "made of this")
