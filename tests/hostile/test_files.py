"""Hostile files through `rumortrail ingest`: no file stops others, whatever its content and name."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from crawlers.files.importer import collect
from pipeline.core.config import Config, IngestConfig
from pipeline.core.home import Home
from tests.conftest import NOW
from tests.hostile.inputs import BODIES, TEXTS, TIMES, URLS, VALUES

ENDINGS = (".txt", ".html", ".htm", ".warc", ".warc.gz", ".jsonl", ".jsonl.gz")
GOOD = {"url": "https://good.example/1", "platform": "news", "text": "Model Aster is out.",
        "published_at": "2026-02-01T10:00:00Z"}  # fmt: skip
NAMES = ("a", "bad\udcff\udcfe", "new\nline", "-rf", "‮fdp", "w" * 200, " ", "%2e%2e", "'; DROP TABLE a; --")

pytestmark = pytest.mark.slow  # many files


def ingested(home: Home, folder: Path) -> list[dict[str, object]]:
    """Ingest a folder; return its inbox lines, all of which can be encoded."""
    config = Config(ingest=IngestConfig(max_text=200_000))
    counts = collect([folder], home, config, run_id="r1", now=NOW, on_progress=lambda *_: None)
    assert counts.inputs == counts.done + counts.skipped + counts.failed
    (file,) = (home.inbox / "r1").glob("*")
    return [json.loads(line) for line in gzip.open(file, "rt", encoding="utf-8")]


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_file_stops_those_beside_it(ending: str, home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for number, body in enumerate(BODIES.values()):
        (folder / f"{number:02d}{ending}").write_bytes(body)
        if ending.endswith(".gz"):
            (folder / f"{number:02d}-packed{ending}").write_bytes(gzip.compress(body, 1))
    (folder / "zz-good.jsonl").write_text(json.dumps(GOOD), "utf-8")
    urls = [line.get("url") for line in ingested(home, folder) if line["type"] == "document"]
    assert GOOD["url"] in urls


def test_no_name_of_a_file_stops_those_beside_it(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name in NAMES:
        for suffix in (".txt", ".jsonl"):
            Path(os.fsdecode(os.fsencode(folder / f"{name}{suffix}"))).write_bytes(b"not JSON, but words\n")
    (folder / "zz-good.jsonl").write_text(json.dumps(GOOD), "utf-8")
    lines = ingested(home, folder)
    assert GOOD["url"] in [line.get("url") for line in lines if line["type"] == "document"]
    assert len([line for line in lines if line["type"] == "issue"]) >= len(NAMES)


def test_no_line_stops_those_beside_it(home: Home, tmp_path: Path) -> None:
    rows = [{**GOOD, key: value, "id": f"{key}{number}"}
            for key in GOOD for number, value in enumerate(VALUES)]
    for text, url, time in zip(TEXTS, URLS * 2, TIMES * 3, strict=False):
        strange = {"title": text[:500], "author": text[:100], "url": url, "published_at": time}
        rows.append({**GOOD, "text": text, **strange})
    folder = tmp_path / "files"
    folder.mkdir()
    lines = (json.dumps(row).encode() for row in [*rows, {**GOOD, "url": "https://good.example/last"}])
    (folder / "a.jsonl").write_bytes(b"\n".join(lines))
    lines_ingested = ingested(home, folder)
    assert "https://good.example/last" in [
        line.get("url") for line in lines_ingested if line["type"] == "document"
    ]
