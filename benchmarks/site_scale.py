"""Time the writing of a site: `python benchmarks/site_scale.py HOME OUT [--url URL] [--workers N]`.

HOME holds a published copy (`sql_scale.py FOLDER --mentions 100000` makes one of 10,000 claims, in
FOLDER/mentions-100000). OUT must not be there: ext4 takes half a millisecond for each new file in the seconds
after many were deleted. It is written, and written again, so that the second time nothing moved.
Told are files, bytes, and the seconds of clock and processors. `--json` prints all as one object.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from harness import arguments

from pipeline.core.config import Config, SiteConfig
from pipeline.core.home import Home
from pipeline.pages.site.write import write_site


def busy() -> float:
    """Return the seconds that this process and those that it waited for had a processor."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> int:
    """Write the site twice and print what it took."""
    parser = arguments(__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--url", default="", help="a public address: then each page has a card")
    parser.add_argument("--workers", type=int, help="default: one for each processor")
    given = parser.parse_args()
    if given.out.exists():
        parser.error(f"{given.out} is there already: name a folder that is not")
    config = Config(site=SiteConfig(url=given.url))
    told: dict[str, Any] = {}
    for turn in ("first", "second"):
        begun, before = time.perf_counter(), busy()
        done = write_site(Home(given.home.resolve()), config, given.out, workers=given.workers)
        told[turn] = {
            "claims": done.claims,
            "stories": done.stories,
            "written": done.files.written,
            "unchanged": done.files.unchanged,
            "wall_s": round(time.perf_counter() - begun, 1),
            "processor_s": round(busy() - before, 1),
        }
        if not given.json:
            print(turn, told[turn])
    told["mb"] = sum(one.stat().st_size for one in given.out.rglob("*") if one.is_file()) >> 20
    print(json.dumps(told) if given.json else f"{told['mb']} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
