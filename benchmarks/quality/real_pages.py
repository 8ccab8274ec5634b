"""Read the pages of four public corpora, beside what their authors say of them and plain trafilatura.

    python -m benchmarks.quality.real_pages FOLDER

FOLDER holds clones of article-extraction-benchmark, fundus, trafilatura and htmldate; `real_pages.md` says
how to get them and holds the figures. A corpus that is not there is passed over, and the output says so.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any

import trafilatura

from benchmarks.harness import argument_parser
from crawlers.articles.extract import Article, read_article

WORD = re.compile(r"\w+")
SHINGLE = 4  # words, as article-extraction-benchmark counts
TENTH = 0.1


@dataclass(frozen=True, slots=True)
class Page:
    """A page and the known truth: text, words that it must and must not have, day, title."""

    html: bytes
    url: str
    body: str | None = None
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    day: date | None = None
    title: str | None = None


def article_extraction_benchmark(folder: Path) -> Iterator[Page]:
    """Yield the pages of scrapinghub/article-extraction-benchmark, which have a text each."""
    for key, truth in json.loads((folder / "ground-truth.json").read_bytes()).items():
        html = _unzipped(folder / "html" / f"{key}.html.gz")
        yield Page(html, truth.get("url") or f"https://{key[:12]}.example/a", body=truth["articleBody"])


def fundus(folder: Path) -> Iterator[Page]:
    """Yield the pages of flairNLP/fundus: text, day and title as the outlet's own parser reads them."""
    for file in sorted((folder / "tests/resources/parser/test_data").rglob("*.json")):
        for html in sorted(file.parent.glob(f"{file.stem}_*.html.gz")):
            # The file's name says when it was crawled, the newest version of the parser is the last.
            truth = list(json.loads(file.read_bytes()).values())[-1]
            sections = (truth.get("body") or {}).get("sections", [])
            parts = [*(truth.get("body") or {}).get("summary", [])]
            for section in sections:
                parts += [*section["headline"], *section["paragraphs"]]
            date_text = str(truth.get("publishing_date") or "")[:10]
            day = date.fromisoformat(date_text) if date_text else None
            url = f"https://{file.stem.lower()}.example/a"
            yield Page(_unzipped(html), url, "\n".join(parts) or None, day=day, title=truth.get("title"))


def trafilaturas(folder: Path) -> Iterator[Page]:
    """Yield the pages of adbar/trafilatura: sentences that belong to the text, and some that do not."""
    for url, truth in json.loads((folder / "tests/evaldata.json").read_bytes()).items():
        if html := _html(folder / "tests", truth["file"]):
            yield Page(html, url, holds=tuple(truth["with"]), lacks=tuple(truth["without"]))


def htmldates(folder: Path) -> Iterator[Page]:
    """Yield the pages of adbar/htmldate, which have a day each."""
    for file in sorted((folder / "tests").glob("eval_*.json")):
        for url, truth in json.loads(file.read_bytes()).items():
            if html := _html(folder / "tests", truth["file"]):
                yield Page(html, url, day=date.fromisoformat(truth["date"]))


CORPORA: dict[str, Callable[[Path], Iterator[Page]]] = {
    "article-extraction-benchmark": article_extraction_benchmark,
    "fundus": fundus,
    "trafilatura": trafilaturas,
    "htmldate": htmldates,
}


def _unzipped(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes())


def _html(tests: Path, name: str) -> bytes | None:
    """Return the page `name`, which stands in one of several folders."""
    for folder in ("eval", "cache", "test_set"):
        if (file := tests / folder / name).is_file():
            return file.read_bytes()
    return None


def measure(pages: Iterator[Page]) -> dict[str, Any]:
    """Return the figures of a corpus: texts, sentences, lost words, days, headlines."""
    ours, plain = Scores(), Scores()
    counts: Counter[str] = Counter()
    for page in pages:
        counts["pages"] += 1
        article = _read(page)
        extracted = trafilatura.bare_extraction(page.html, url=page.url, include_comments=False)
        text = (extracted.text or "") if extracted else ""
        ours.add(page, article.text if article else "", _day(article))
        plain.add(page, text, date.fromisoformat(extracted.date) if extracted and extracted.date else None)
        if article is None:
            counts["not read"] += 1
            continue
        words = Counter(WORD.findall(text))
        lost = words - Counter(WORD.findall(f"{article.title} {article.headline} {article.text}"))
        counts["pages that lose words"] += bool(lost)
        counts["pages that lose a tenth"] += lost.total() >= TENTH * max(1, words.total())
        counts["pages with another headline"] += article.headline is not None
        titles = (article.title, article.headline)
        counts["titles that differ"] += bool(page.title) and page.title not in titles
    return {**counts, "ours": ours.figures(), "trafilatura": plain.figures()}


class Scores:
    """Counts how one reader did on the pages of a corpus."""

    def __init__(self) -> None:
        self.precision: list[float] = []
        self.recall: list[float] = []
        self.counts: Counter[str] = Counter()

    def add(self, page: Page, text: str, day: date | None) -> None:
        """Count what was read of `page`: its text, and the day of its publication."""
        if page.body is not None:
            true_shingles, read_shingles = _shingles(page.body), _shingles(text)
            shared = (true_shingles & read_shingles).total()
            self.precision += [shared / read_shingles.total()] if read_shingles else []
            self.recall += [shared / true_shingles.total()] if true_shingles else []
        plain = " ".join(text.split())
        self.counts["sentences there"] += sum(" ".join(part.split()) in plain for part in page.holds)
        self.counts["sentences"] += len(page.holds)
        self.counts["strangers there"] += sum(" ".join(part.split()) in plain for part in page.lacks)
        self.counts["strangers"] += len(page.lacks)
        if page.day is not None:
            self.counts["days right" if day == page.day else "days wrong" if day else "days not told"] += 1

    def figures(self) -> dict[str, float]:
        """Return precision, recall and F1 of texts where they are known, and the counts that are not zero."""
        texts = {}
        if self.precision and self.recall:
            precision, recall = mean(self.precision), mean(self.recall)
            f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
            texts = {"precision": round(precision, 3), "recall": round(recall, 3), "F1": round(f1, 3)}
        return texts | {name: count for name, count in self.counts.items() if count}


def _read(page: Page) -> Article | None:
    try:
        return read_article(page.html, url=page.url)
    except ValueError:
        return None


def _day(article: Article | None) -> date | None:
    if article is None or article.published_at is None or not article.published_precision.to_the_day:
        return None
    return article.published_at.date()


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    return Counter(tuple(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1)) if words)


def figures(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the figures of each corpus that is in `folder`; tell on standard error of each that is not."""
    corpora = {}
    for name, pages in CORPORA.items():
        if (folder / name).is_dir():
            corpora[name] = measure(pages(folder / name))
        else:
            print(f"{name} is not in {folder}: see benchmarks/quality/real_pages.md", file=sys.stderr)
    return corpora


def main() -> None:
    """Print the figures of each corpus that is there."""
    parser = argument_parser(__doc__)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    measured = figures(args.folder)
    print(json.dumps(measured, indent=None if args.json else 1))


if __name__ == "__main__":
    main()
