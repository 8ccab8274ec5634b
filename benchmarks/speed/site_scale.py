"""Time the writing of a site: `python -m benchmarks.speed.site_scale HOME OUT [--url URL] [--workers N]`.

HOME holds a published copy (`python -m benchmarks.speed.sql_scale FOLDER --mentions 100000` makes one of
10,000 claims, in FOLDER/mentions-100000). OUT must not be there: ext4 takes half a millisecond for each new
file in the seconds after many were deleted. It is written, and written again, so that the second time nothing
moved. Told are files, bytes, and the seconds of clock and processors. `--json` prints all as one object.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.harness import argument_parser, processor_seconds
from pipeline.core.config import Config, SiteConfig
from pipeline.core.home import Home
from pipeline.pages.site.write import write_site


def main() -> int:
    """Write the site twice and print what it took."""
    parser = argument_parser(__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--url", default="", help="a public address: then each page has a card")
    parser.add_argument("--workers", type=int, help="default: one for each processor")
    args = parser.parse_args()
    if args.out.exists():
        parser.error(f"{args.out} is there already: name a folder that is not")
    config = Config(site=SiteConfig(url=args.url))
    report: dict[str, Any] = {}
    for turn in ("first", "second"):
        start, busy_before = time.perf_counter(), processor_seconds()
        site = write_site(Home(args.home.resolve()), config, args.out, workers=args.workers)
        report[turn] = {
            "claims": site.claims,
            "stories": site.stories,
            "written": site.files.written,
            "unchanged": site.files.unchanged,
            "wall_s": round(time.perf_counter() - start, 1),
            "processor_s": round(processor_seconds() - busy_before, 1),
        }
        if not args.json:
            print(turn, report[turn])
    report["mb"] = sum(file.stat().st_size for file in args.out.rglob("*") if file.is_file()) >> 20
    print(json.dumps(report) if args.json else f"{report['mb']} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
