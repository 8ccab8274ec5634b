"""Check real texts against a published copy, and print what each statement is told to do with which claim.

    python -m benchmarks.quality.check_matches HOME DATA/raw_news.jsonl --seed 303 --items 60

What is printed is other people's text, for a person to read and count; the counts stand in
docs/benchmarks.md. Texts that the copy has as documents are left out, so that what is told was found and not
remembered.
"""

from __future__ import annotations

import argparse
import json
import random
from contextlib import closing
from pathlib import Path

from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.page import Page
from pipeline.core.vocabulary import Precision
from pipeline.published.database import open_published
from pipeline.run.interactive import checker

BEGINNING = 900  # characters of a text that are checked, its first paragraphs


def main() -> None:
    """Check and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--items", type=int, default=60)
    args = parser.parse_args()
    home = Home(args.home)
    config = Config.load(home.config_file)
    with closing(open_published(home.published, config.ask)) as connection:
        known_urls = {url for (url,) in connection.execute(
            "SELECT DISTINCT url FROM evidence").fetchall() if url}
    items = [json.loads(line) for line in args.file.read_text("utf-8").splitlines()]
    items = [item for item in items
             if item.get("url") not in known_urls and any(map(str.isalpha, item["text"]))]
    random.Random(args.seed).shuffle(items)
    matches = statements = 0
    for item in items[: args.items]:
        page = Page("", item.get("title"), item["text"][:BEGINNING], None, Precision.UNKNOWN, None)
        for statement in checker(home, config).check_page(page).statements:
            statements += 1
            for match in statement.known:
                matches += 1
                print(f"{match.bearing} {match.sure} {match.differs or ''}\n  {statement.quote!r}"
                      f"\n  {match.claim!r}", flush=True)
    print(f"{min(args.items, len(items))} texts, {statements} statements, {matches} matches found")


if __name__ == "__main__":
    main()
