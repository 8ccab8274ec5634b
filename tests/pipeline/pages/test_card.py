"""The card: a PNG of the size that is told, the same each time, whatever script a claim is in."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from pipeline.core.config import Config, PublisherConfig
from pipeline.core.home import Home
from pipeline.core.vocabulary import Status
from pipeline.exports.wording import carried
from pipeline.pages import card_text
from pipeline.pages.card import claim_card, story_card
from pipeline.pages.status_shape import SIDE
from pipeline.published.stories import read_story
from tests.pipeline.pages.test_claim import LYRA, PUBLISHER, read
from tests.shared import Canary
from tests.worlds.stories import hostile_texts

PAPER = (252, 251, 248)


def drawn(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    return image


def test_the_same_claim_has_the_same_bytes(sample_home: Home) -> None:
    case = read(sample_home, LYRA)
    card = claim_card(case, PUBLISHER)
    assert card == claim_card(case, PUBLISHER)
    assert len(card) < 60_000
    drawn(card)
    other_card = claim_card(replace(case, subject=replace(case.subject, status=Status.RETRACTED)), PUBLISHER)
    assert card != other_card


def test_each_status_has_a_shape_of_its_own(sample_home: Home) -> None:
    case = read(sample_home, LYRA)
    shapes = set()
    for status in Status:
        card = drawn(claim_card(replace(case, subject=replace(case.subject, status=status)), PUBLISHER))
        place = card.crop((72, 500, 72 + SIDE, 534)).convert("RGB")
        shapes.add(bytes(place.getpixel((x, y)) != PAPER for y in range(SIDE) for x in range(SIDE)))
    assert len(shapes) == len(Status)


@pytest.mark.parametrize("heard", ["voices", "denied_by", "questioned_by"])
def test_a_card_tells_who_speaks_for_it_who_denies_it_and_who_questions_it(
    heard: str, sample_home: Home
) -> None:
    case = read(sample_home, LYRA)
    more_voices = replace(case.subject, **{heard: getattr(case.subject, heard) + 5})
    assert claim_card(case, PUBLISHER) != claim_card(replace(case, subject=more_voices), PUBLISHER)


def test_a_card_says_who_carries_the_claim_in_the_words_of_the_page(
    sample_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_lines: list[str] = []
    placed = card_text.placed
    monkeypatch.setattr(
        card_text, "placed", lambda words, *how: (drawn_lines.append(words), placed(words, *how))[1]
    )
    case = read(sample_home, LYRA)
    unheard = replace(case.subject, voices=0)
    denied = replace(unheard, supports=0, reports=0, denied_by=2)
    for subject in (case.subject, unheard, denied):
        claim_card(replace(case, subject=subject), PUBLISHER)
        assert drawn_lines[-1].startswith(f"{carried(subject, 'independent voice')} · ")
    assert drawn_lines[-1].startswith("carried by nobody, denied by 2")


def test_many_voices_stay_inside_the_margin(sample_home: Home) -> None:
    case = read(sample_home, LYRA)
    subject = replace(case.subject, voices=12_345, denied_by=1_234, questioned_by=1_234)
    image = drawn(claim_card(replace(case, subject=subject), PUBLISHER))
    assert image.crop((1130, 500, 1200, 630)).getextrema() == (0, 0)


def test_a_story_has_a_card(sample_home: Home) -> None:
    drawn(story_card(read_story(sample_home, Config(), "sborealis"), PublisherConfig()))


def test_hostile_texts_are_drawn_inside(sample_home: Home, canary: Canary) -> None:
    case = read(sample_home, LYRA)
    for text in (*hostile_texts(canary.url), "", "\u202e", "W" * 400, "模" * 400, "a\u0301" * 200):
        image = drawn(claim_card(replace(case, subject=replace(case.subject, claim=text)), PUBLISHER))
        # Nothing is drawn in the margins: index 0 is the paper.
        for margin in ((0, 20, 60, 630), (1160, 20, 1200, 630)):
            assert image.crop(margin).getextrema() == (0, 0), text[:40]
    assert canary.asked == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Meta plans Llama 5", "Meta plans Llama 5"),
        ("深度求索将发布 V4", "深度求索将发布 V4"),
        ("Zoë’s “Größe” № 5 — 40 %", "Zoë’s “Größe” № 5 — 40 %"),
        ("Zoe\u0308 left", "Zoë left"),
        ("🦙 Llama", "Llama"),
        ("Llama 5 🦙 is out", "Llama 5 is out"),
        ("네이버 will release HyperCLOVA X with one hundred billion parameters in September", None),
        ("OpenAI has لم released the weights of its next frontier model before Friday", None),
        ("Llama 5 is ∼40 % faster than Llama 4", None),
        ("Llama 5 takes ⅓ of the memory that Llama 4 takes", None),
        ("Llama 5 costs ≤ 20 $ → “cheap”", "Llama 5 costs ≤ 20 $ → “cheap”"),
        ("한국어 모델이 곧", None),
        ("🦙", None),
    ],
)
def test_no_letter_is_left_out_of_a_sentence_and_signs_are(text: str, shown: str | None) -> None:
    assert card_text.drawable(text) == shown


def test_characters_stand_where_the_whole_text_has_them() -> None:
    for text in ("AVATAR To Wave", "office fjord", "DeepSeek 将于四月 V4"):
        shapes = list(card_text.placed(text, "serif", 50))
        left, right = shapes[0][1], max(x + shape.shape[1] for shape, x, _ in shapes)
        assert abs(right - left - card_text.width(text, "serif", 50)) < 12
        assert abs(left) < 6


def test_lines_fit_and_closing_marks_do_not_begin_one() -> None:
    for text in ("据知情人士透露，深度求索（DeepSeek）将于四月发布新一代模型。" * 3, "word " * 60):
        card_lines = card_text.lines(text, "serif", 50, 700)
        assert "".join(card_lines).replace(" ", "") == text.replace(" ", "")
        for line in card_lines:
            assert card_text.width(line, "serif", 50) <= 700
            assert line[0] not in "，。）" and line[-1] not in "（"
