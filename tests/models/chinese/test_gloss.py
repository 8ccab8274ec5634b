"""Tests of the English gloss of Chinese text."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.chinese.gloss import FILE, Glossary, gloss
from models.chinese.han import HAN
from models.onnx import weights

WORDS = {
    "大": "big", "模型": "model", "大模型": "large model", "的": "", "否认": "deny", "发布": "launch",
    "会": "will", "发": "send", "布会": "cloth meeting", "发布会": "launch event", "公司": "company",
}


@pytest.fixture
def glossary() -> Glossary:
    return Glossary(WORDS)


def test_each_word_is_replaced_and_the_rest_stays(glossary: Glossary) -> None:
    assert glossary.gloss("OpenAI否认发布GPT-5.2的大模型") == "OpenAI deny launch GPT-5.2 large model"


def test_words_are_as_few_as_possible_and_long(glossary: Glossary) -> None:
    assert glossary.words("大模型发布会") == ["大模型", "发布会"]
    assert glossary.words("公司发布会否认") == ["公司", "发布会", "否认"]


def test_of_equally_many_words_the_most_unequal_lengths_win() -> None:
    glossary = Glossary({"甲乙": "a", "丙丁": "b", "甲": "c", "乙丙丁": "d"})
    assert glossary.words("甲乙丙丁") == ["甲", "乙丙丁"]


def test_a_word_that_only_serves_grammar_and_an_unknown_character_leave_nothing(glossary: Glossary) -> None:
    assert glossary.gloss("公司的") == "company"
    assert glossary.gloss("公司龘") == "company"


def test_marks_become_english_ones(glossary: Glossary) -> None:
    assert glossary.gloss("公司，“模型”！发布。") == 'company , " model "! launch .'


@pytest.mark.parametrize(("chinese", "english"), [
    ("30亿", "3 billion"), ("1.2万亿", "1.2 trillion"), ("4500万", "45 million"), ("12.8万", "128,000"),
    ("5百万", "5 million"), ("3千", "3,000"), ("2025年8月7日", "August 7, 2025"), ("8月7号", "August 7"),
    ("2025年8月", "August, 2025"), ("2025年", "2025"), ("3个月", "3"), ("2,000万", "20 million"),
    ("３，０００万", "30 million"), ("3万2千", "32,000"), ("10-20亿", "1 billion to 2 billion"),
    ("3~5万", "30,000 to 50,000"), ("1-3月", "January to March"), ("8月7-9日", "August 7 to 9"),
    ("２０２５年８月７日", "August 7, 2025"), ("100亿亿", "1,000,000 trillion"),
])
def test_amounts_and_dates_are_english(glossary: Glossary, chinese: str, english: str) -> None:
    assert glossary.gloss(chinese) == english


@pytest.mark.parametrize("name", ["H100", "GPT-4", "GLM-4.5", "K2"])
def test_a_figure_of_a_name_is_no_amount_and_no_date(name: str) -> None:
    for word in ("万", "千", "亿", "月"):
        assert Glossary({word: "x"}).gloss(f"{name}{word}") == f"{name} x"


def test_names_that_begin_with_a_scale_stay_names() -> None:
    glossary = Glossary({"百度": "Baidu", "千问": "Qwen", "千": "thousand"})
    assert glossary.gloss("3 百度") == "3 Baidu"
    assert glossary.gloss("豆 2 千问3") == "2 Qwen 3"


def test_lines_stay_apart(glossary: Glossary) -> None:
    assert glossary.gloss("5月\n1日") == "May \n1"
    assert glossary.gloss("公司3\n万") == "company 3"


def test_long_runs_of_figures_end(glossary: Glossary) -> None:
    for text in ("1" * 100_000, "1," * 50_000, "1万" * 50_000, "1月" * 50_000):
        assert glossary.gloss(f"{text}公司").endswith("company")


def test_the_cards_of_both_models_name_the_table() -> None:
    digest = weights.sha256(weights.own(FILE))
    for card in ("relation.json", "entailment.json"):
        assert json.loads((weights.OWN / card).read_text("utf-8"))["gloss"] == digest


def test_what_holds_no_chinese_stays_as_it_is() -> None:
    text = "Plain  words…  “kept”, with two  spaces"
    assert gloss(text) == text


def test_an_empty_table_leaves_the_chinese_out() -> None:
    assert Glossary({}).gloss("公司 GPT-5") == "GPT-5"


@given(st.text(alphabet=st.sampled_from("大模型的否认发布会公司龘⼤\uf900 ，。GPT5万月\n"), max_size=60))
def test_no_chinese_is_left_and_each_character_is_in_one_word(text: str) -> None:
    glossary = Glossary(WORDS)
    assert not HAN.search(glossary.gloss(text))
    run = "".join(HAN.findall(text))
    assert "".join(glossary.words(run)) == run


def test_the_shipped_table_tells_denials_rumours_and_names() -> None:
    english = gloss("月之暗面否认网传谣言：Kimi并没有在测试集上训练")
    assert english.startswith("Moonshot AI deny")
    assert "rumor" in english
    assert "did not" in english
    assert "train" in english


def test_each_line_of_the_shipped_table_is_a_word_and_a_short_gloss() -> None:
    lines = gzip.decompress(weights.own(FILE).read_bytes()).decode("utf-8").splitlines()
    assert len(lines) > 100_000
    for line in lines:
        word, english = line.split("\t")
        assert word
        assert not HAN.sub("", word)
        assert not HAN.search(english)
        assert len(english.split()) <= 8
