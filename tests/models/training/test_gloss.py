"""Tests of the table of glosses."""

from __future__ import annotations

import math

from models.training.gloss import CURATED, chosen, entries, senses

DICTIONARY = """# CC-CEDICT
稱 称 [cheng1] /to weigh/to state/name/
開放源碼 开放源码 [kai1 fang4 yuan2 ma3] /(computing) open source/
開源 开源 [kai1 yuan2] /to expand one's financial resources/abbr. for 開放源碼|开放源码[kai1 fang4 yuan2 ma3]/
個 个 [ge4] /CL for people/CL:個|个[ge4]/
B站 B站 [B zhan4] /Bilibili/
broken line
"""


def test_entries_are_read_in_both_writings_and_words_with_other_letters_are_left_out() -> None:
    words = [(traditional, simplified) for traditional, simplified, _ in entries(DICTIONARY.splitlines())]
    assert words == [("稱", "称"), ("開放源碼", "开放源码"), ("開源", "开源"), ("個", "个")]


def test_senses_are_short_and_plain() -> None:
    definitions = "to release (a film); to issue/CL:個|个[ge4]/variant of 发布[fa1 bu4]/a b c d e/to tell sb"
    assert list(senses(definitions)) == ["release", "issue", "tell"]


def test_frequent_senses_and_what_a_word_is_short_for_are_preferred() -> None:
    frequencies = {"state": math.log(0.01), "open": math.log(0.01), "source": math.log(0.01),
                   "weigh": math.log(0.000001), "name": math.log(0.00001)}
    glosses = chosen(entries(DICTIONARY.splitlines()), frequencies)
    assert glosses["称"] == glosses["稱"] == "state"
    assert glosses["开源"] == "open source"


def test_the_curated_glosses_are_words_each_listed_once_in_order() -> None:
    words = [line.split("\t")[0] for line in CURATED.read_text("utf-8").splitlines()]
    assert words == sorted(set(words))
