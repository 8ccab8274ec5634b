"""The static search index: cut as the script cuts it, harmless as a script, and still where nothing moved."""

from __future__ import annotations

import json

from pipeline.pages.site import search
from pipeline.pages.site.search import SearchEntry


def entry(title: str, number: int = 0) -> SearchEntry:
    return SearchEntry(f"c/c{number}.html", title, "disputed", "a claim", title)


def held(files: dict[str, bytes], what: str) -> dict[str, list[int]]:
    """Return the entries of all files of that kind together."""
    merged: dict[str, list[int]] = {}
    for name, content in files.items():
        if f"/{what}-" in name:
            text = content.decode("ascii")
            assert text.startswith(f'rumortrailIndex("{what}",') and text.endswith(");\n")
            merged |= json.loads(text.split(",", 2)[2].removesuffix(");\n"))
    return merged


def test_words_are_found_without_marks_and_case_and_inside_runs() -> None:
    assert search.terms("Ünïted GPT-5 大模型 x") == ["united", "gpt", "5", "大模", "模型", "型", "x"]


def test_every_word_is_in_the_file_of_its_shard() -> None:
    entries = [entry(f"Model number{n} beats Aster {n} {'词'}语{n}", n) for n in range(900)]
    files = dict(search.index(entries))
    shards = search.sizes(entries)
    shard_words = held(files, "words")
    assert shard_words["aster"] == list(range(900)) and shard_words["number77"] == [77]
    for word in shard_words:
        name = f"search/words-{search.shard(word, shards)}.js"
        assert f'"{word}":' in files[name].decode("ascii") or not word.isascii()


def test_texts_are_ascii_without_markup() -> None:
    hostile = "</script><img src=x onerror=alert(1)> \u2028 \ud83e\udd99 \u202e"
    files = dict(search.index([entry(hostile)]))
    for content in files.values():
        assert content.isascii() and b"<" not in content and b">" not in content


def test_what_is_new_changes_few_files() -> None:
    entries = [entry(f"Model {n} is late", n) for n in range(450)]
    before, after = dict(search.index(entries)), dict(search.index([*entries, entry("Aster is early", 450)]))
    texts = {name for name in before if "texts" in name}
    assert {name for name in texts if before[name] != after[name]} == {"search/texts-4.js"}
