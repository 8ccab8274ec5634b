"""Verbatim quotations between texts, whatever the texts are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.vocabulary import Precision, Role
from pipeline.stages.trace.model import Post
from pipeline.stages.trace.quotations import Quotation, Wordings, find_quotations, plain_words
from tests.worlds.builder import hours

LONG = "So it is something that everybody repeated about the model " * 40
MARKS = ["“", "”", '"', "\n>", "\n"]
WORDS = st.sampled_from(["rumour", "Kestrel", "isn't", "ß", "İ", "word" * 600, LONG, *MARKS])
TEXTS = st.lists(st.lists(WORDS, max_size=40).map(" ".join), min_size=1, max_size=4)


def post(number: int) -> Post:
    return Post(
        f"d{number}", "news", f"s{number}", f"Source {number}", Role.PRESS, None, None, None, hours(number),
        Precision.SECOND, artefact=False,
    )  # fmt: skip


def found(texts: dict[str, list[str]]) -> list[Quotation]:
    posts = {document_id: post(number) for number, document_id in enumerate(texts)}
    return find_quotations(Wordings(texts), posts, posts.keys())


def test_a_quoted_line_that_is_too_long_is_cut_between_words() -> None:
    line = LONG.strip()
    texts = {"d0": [line], "d1": [f"> {line}\nI doubt it."]}
    [quotation] = found(texts)
    assert (quotation.document_id, quotation.origin_document_id) == ("d1", "d0")
    assert 1_900 < len(quotation.words) <= 2_000
    assert f" {plain_words(quotation.words)} " in f" {plain_words(line)} "


@given(TEXTS)
def test_no_text_stops_it(texts: list[str]) -> None:
    for quotation in found({f"d{number}": [text] for number, text in enumerate(texts)}):
        holder = texts[int(quotation.origin_document_id[1:])]
        assert f" {plain_words(quotation.words)} " in f" {plain_words(holder)} "
