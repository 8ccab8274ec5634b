"""Names: one key in Python and in SQL."""

from __future__ import annotations

import pytest

from pipeline.store.store import Store
from pipeline.text.names import begins_with, name_key, names_it

KEYS = {
    "Aurel Labs": "aurel labs",
    "aurel-labs": "aurel labs",
    "The Lantern": "lantern",
    "the_lantern": "lantern",
    "Théâtre": "theatre",
    "  O'Brien & Søn ": "o brien søn",
    "Straße": "strasse",
    "İstanbul": "istanbul",
    "ΟΔΟΣ Οδός": "οδοσ οδοσ",
    "Яндекс Ёлка": "яндекс елка",
    "深度求索": "深度求索",
    "月之暗面": "月之暗面",
    "智谱AI": "智谱ai",
    "ＯｐｅｎＡＩ": "openai",
    "智谱ＡＩ　４．５": "智谱ai 4 5",
    "がくしゅう": "かくしゅう",
    "삼성 전자": "삼성 전자",
    "مُؤَسَّسَة": "موسسة",
    "हिन्दी": "हनद",
    "Aster_4.5": "aster 4 5",
    "the": "the",
    "Theory": "theory",
    "…!": "",
    "": "",
}


@pytest.mark.parametrize(("name", "key"), KEYS.items())
def test_a_name_has_the_same_key_in_python_and_in_sql(store: Store, name: str, key: str) -> None:
    assert name_key(name) == key
    assert name_key(key) == key
    assert store.execute("SELECT step.name_key(?)", [name]) == [(key or None,)]


def test_an_empty_key_equals_nothing(store: Store) -> None:
    assert store.execute("SELECT step.name_key('…') = step.name_key('!'), step.name_key(NULL)") == [
        (None, None)
    ]
    assert not names_it("…", "!")
    assert not begins_with("…", "!")
