"""Make the table of `models/chinese/gloss.py`: write `models/weights/gloss.tsv.gz`.

    python -m models.training.gloss DICTIONARY DATA

DICTIONARY is CC-CEDICT in its own format (`cedict_1_0_ts_utf-8_mdbg.txt`, compressed by gzip or not), DATA
the folder of raw posts that `docs/ingest.md` describes. Of a word's senses the first ones and those whose
words are frequent in the English posts are preferred. What `glosses.tsv` says of a word comes before the
dictionary, and a Chinese name of the gazetteer stands for its English one before both. Afterwards the digest
in `SHA256SUMS` is to be changed, and the large encoder of the relation model is to be trained and
calibrated.
"""

from __future__ import annotations

import argparse
import gzip
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from models.chinese.gloss import FILE
from models.chinese.han import HAN
from models.gazetteer.entries import read_entries
from models.onnx import weights
from models.training.data import rows_of, text_of

ENGLISH = ("raw_news", "raw_reddit", "raw_hackernews", "raw_x", "raw_vendor")
LONGEST = 4  # words of a gloss
GAZETTEER = Path(__file__).parents[1] / "gazetteer"
CURATED = Path(__file__).with_name("glosses.tsv")
_ENTRY = re.compile(r"(\S+) (\S+) \[[^\]]*\] /(.*)/\s*$")
_WORD = re.compile(r"[a-z']+")
_NO_SENSE = re.compile(
    r"CL:|variant of|old variant|surname |see |also written|abbr\. (?:for|to) |Japanese variant|erhua|used in"
    r"|Taiwan pr|also pr|pr\. |same as|unofficial|archaic"
)
_INSTEAD = re.compile(
    r"(?:abbr\. (?:for|to)|variant of|also written|see|same as) (?:[^\s|]+\|)?("
    f"{HAN.pattern}+)")
_ASIDE = re.compile(rf"\([^)]*\)|\[[^\]]*\]|\S*{HAN.pattern}\S*|\b(?:sb|sth)\b")


def entries(lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield of each entry the traditional word, the simplified one and the definitions, joined by "/"."""
    for line in lines:
        entry = None if line.startswith("#") else _ENTRY.match(line)
        if entry and not HAN.sub("", entry[1] + entry[2]):
            yield entry[1], entry[2], entry[3]


def senses(definitions: str) -> Iterator[str]:
    """Yield the short English senses of an entry, without notes and the "to" of verbs."""
    for definition in definitions.split("/"):
        if not _NO_SENSE.match(definition):
            for part in _ASIDE.sub("", definition).split(";"):
                sense = " ".join(part.split()).strip(" ,.").removeprefix("to ")
                if sense and len(sense.split()) <= LONGEST:
                    yield sense


def chosen(dictionary: Iterable[tuple[str, str, str]], frequencies: Mapping[str, float]) -> dict[str, str]:
    """Return one sense for each word; `frequencies` are the logarithms of those of English words."""
    by_word: dict[str, list[str]] = defaultdict(list)
    instead: dict[str, str] = {}
    for traditional, simplified, definitions in dictionary:
        for word in {traditional, simplified}:
            by_word[word] += [sense for sense in senses(definitions) if sense not in by_word[word]]
            if other := _INSTEAD.search(definitions):
                instead.setdefault(word, other[1])
    rarest = min(frequencies.values())

    def worth(place: int, sense: str) -> float:
        words = _WORD.findall(sense.lower())
        common = min((frequencies.get(word, rarest) for word in words), default=rarest)
        return 0.5 * common - 0.6 * min(place, 4) - 0.5 * (len(sense.split()) - 1)

    glosses = {}
    for word, own in by_word.items():
        candidates = by_word.get(instead.get(word, ""), [])[:2] + own
        if candidates:
            glosses[word] = max(enumerate(candidates), key=lambda placed: worth(*placed))[1]
    return glosses


def _frequencies(data: Path) -> dict[str, float]:
    words: Counter[str] = Counter()
    for name in ENGLISH:
        for row in rows_of(data / f"{name}.jsonl"):
            words.update(_WORD.findall(text_of(row).lower()))
    total = words.total()
    return {word: math.log(count / total) for word, count in words.items()}


def _names() -> Iterator[tuple[str, str]]:
    """Yield the gazetteer's names in Chinese characters, and the English ones of what they name."""
    tables = ((file.name, file.read_text("utf-8")) for file in sorted(GAZETTEER.glob("*.toml")))
    for entry in read_entries(tables, []).values():
        for name in (*entry.aliases, *entry.short):
            if not HAN.sub("", name) and not HAN.search(entry.name):
                yield name, entry.name


def main() -> None:
    """Choose the glosses, write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dictionary", type=Path)
    parser.add_argument("data", type=Path)
    given = parser.parse_args()
    content = given.dictionary.read_bytes()
    if given.dictionary.suffix == ".gz":
        content = gzip.decompress(content)
    glosses = chosen(entries(content.decode("utf-8").splitlines()), _frequencies(given.data))
    for line in CURATED.read_text("utf-8").splitlines():
        word, _, gloss = line.partition("\t")
        glosses[word] = gloss
    glosses.update(_names())
    table = "\n".join(f"{word}\t{gloss}" for word, gloss in sorted(glosses.items()))
    (weights.OWN / FILE).write_bytes(gzip.compress(table.encode("utf-8"), 9, mtime=0))
    print(f"{len(glosses)} words")


if __name__ == "__main__":
    main()
