"""The corpora of real pages are read in their authors' own layout; these pages are made up."""

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.quality.real_pages import figures

TEXT = [
    "Acme Labs said on Monday that the weights of Orbit 2 will be public before the end of the month.",
    "The model was trained on twelve thousand accelerators, a spokesperson wrote in an answer.",
]
DAY = "2026-03-02"
PAGE = f"""<html><head><title>Orbit 2 weights</title>
<meta property="article:published_time" content="{DAY}T09:30:00Z"></head>
<body><nav>Subscribe to our newsletter today</nav><article><h1>Orbit 2 weights</h1>
{"".join(f"<p>{part}</p>" for part in TEXT)}</article></body></html>""".encode()


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """Return a folder with each corpus, one page in each."""
    benchmark = tmp_path / "article-extraction-benchmark"
    (benchmark / "html").mkdir(parents=True)
    (benchmark / "html/ab12.html.gz").write_bytes(gzip.compress(PAGE))
    truth = {"ab12": {"articleBody": "\n".join(TEXT), "url": "https://news.example/a"}}
    (benchmark / "ground-truth.json").write_text(json.dumps(truth))

    fundus = tmp_path / "fundus/tests/resources/parser/test_data/us"
    fundus.mkdir(parents=True)
    (fundus / "Daily_2026_03_02.html.gz").write_bytes(gzip.compress(PAGE))
    body = {"summary": [], "sections": [{"headline": [], "paragraphs": TEXT}]}
    articles = {"V1": {"body": body, "publishing_date": f"{DAY} 09:30:00+00:00", "title": "Orbit 2 weights"}}
    (fundus / "Daily.json").write_text(json.dumps(articles))

    for name, label in (
        ("trafilatura", {"with": [TEXT[0][:40]], "without": ["Subscribe to our newsletter"]}),
        ("htmldate", {"date": DAY}),
    ):
        tests = tmp_path / name / "tests"
        (tests / "cache").mkdir(parents=True)
        (tests / "cache/page.html").write_bytes(PAGE)
        file = "evaldata.json" if name == "trafilatura" else "eval_default.json"
        (tests / file).write_text(json.dumps({"https://news.example/a": {"file": "page.html", **label}}))
    return tmp_path


def test_every_corpus_is_read_in_its_own_layout(corpora: Path) -> None:
    measured = figures(corpora)
    perfect = {"precision": 1.0, "recall": 1.0, "F1": 1.0}
    assert measured["article-extraction-benchmark"]["ours"] == perfect
    assert measured["fundus"]["ours"] == perfect | {"days right": 1}
    assert measured["fundus"]["titles that differ"] == 0
    assert measured["trafilatura"]["ours"] == {"sentences there": 1, "sentences": 1, "strangers": 1}
    assert measured["htmldate"]["ours"] == {"days right": 1}
    assert all(corpus["pages that lose words"] == 0 for corpus in measured.values())


def test_a_corpus_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert figures(tmp_path) == {}
    assert capsys.readouterr().err.count("see benchmarks/quality/real_pages.md") == 4
