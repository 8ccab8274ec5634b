"""Check real texts against a published copy, and print what each statement is told to do with which claim.

    python benchmarks/check_matches.py HOME DATA/raw_news.jsonl --seed 303 --items 60

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
    asked = parser.parse_args()
    home = Home(asked.home)
    config = Config.load(home.config_file)
    with closing(open_published(home.published, config.ask)) as connection:
        held = {url for (url,) in connection.execute("SELECT DISTINCT url FROM evidence").fetchall() if url}
    items = [json.loads(line) for line in asked.file.read_text("utf-8").splitlines()]
    items = [one for one in items if one.get("url") not in held and any(map(str.isalpha, one["text"]))]
    random.Random(asked.seed).shuffle(items)
    told = statements = 0
    for one in items[: asked.items]:
        page = Page("", one.get("title"), one["text"][:BEGINNING], None, Precision.UNKNOWN, None)
        for statement in checker(home, config).check_page(page).statements:
            statements += 1
            for known in statement.known:
                told += 1
                print(f"{known.bearing} {known.sure} {known.differs or ''}\n  {statement.quote!r}"
                      f"\n  {known.claim!r}", flush=True)
    print(f"{min(asked.items, len(items))} texts, {statements} statements, {told} matches told")


if __name__ == "__main__":
    main()
