"""The relation model: plain cases in both forms, the same answer in any batch, its weights checked."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.chinese.gloss import gloss
from models.embedding import retriever
from models.onnx import weights
from models.onnx.encoder import Encoder, Text
from models.protocols.stance import STANCE_LABELS, StanceModel, StancePair, TextPair
from models.protocols.vectors import Retriever
from models.stance.calibration import Logistic, RereadThresholds, Sieve, calibrations
from models.stance.model import TrainedRelation, load
from pipeline.evaluation.rows import StanceRow
from pipeline.evaluation.stance import eval_stance

CLAIM = "Aurel trained Aster 4 on test sets"


@pytest.fixture(scope="module")
def shipped() -> Retriever:
    """The retriever."""
    return retriever.load()


@pytest.fixture(scope="module")
def model(shipped: Retriever) -> StanceModel:
    """The relation model, which reads 150 MB when it is first asked."""
    return load(shipped)


@pytest.mark.parametrize(
    ("text", "context", "label"),
    [
        ("Aurel used test sets in the training of Aster 4", None, "supports"),
        ("It's official: Aurel trained Aster 4 on test sets", None, "supports"),
        ("No, Aurel did not train Aster 4 on test sets", None, "denies"),
        ("The story that Aster 4 was trained on test sets is a hoax", None, "denies"),
        ("This was debunked hours ago.", "answers: Aurel trained Aster 4 on test sets", "denies"),
        ("Source?", "answers: Aurel trained Aster 4 on test sets, I am told.", "questions"),
        ("The new phone of Brightwater has a larger screen.", None, "unrelated"),
        ("Aster 4 can be downloaded now.", "title: Aster 4 is out", "unrelated"),
    ],
)
def test_a_passage_stands_where_it_plainly_stands(text: str, context: str | None, label: str,
                                                  model: StanceModel) -> None:
    (shares,) = model.read([TextPair(CLAIM, text, context)])
    assert max(shares, key=shares.__getitem__) == label
    assert sum(shares.values()) == pytest.approx(1) and tuple(shares) == STANCE_LABELS


@pytest.mark.parametrize("text", [
    "Aurel did not say whether it trained Aster 4 on test sets.",
    "The report on Aster 4 makes no mention of test sets.",
    "Aurel's paper says nothing about test sets in the training of Aster 4.",
    "Aurel has not disclosed if Aster 4 was trained on test sets.",
    "Aurel has yet to respond to the story that Aster 4 was trained on test sets.",
])
def test_silence_is_no_denial(text: str, model: StanceModel) -> None:
    (shares,) = model.read([TextPair(CLAIM, text)])
    assert shares["denies"] == shares["questions"] == 0
    assert sum(shares.values()) == pytest.approx(1)
    (opinion,) = model.judge([StancePair(CLAIM, text, None, CLAIM, True, "asserted", "say", ())])
    assert opinion.stance in ("reports", "supports") and opinion.confidence > 0


def test_a_denial_of_somebodys_own_words_is_no_silence(model: StanceModel) -> None:
    text = "Aurel never said so, and denies that Aster 4 was trained on test sets."
    (opinion,) = model.judge([StancePair(CLAIM, text, None, CLAIM, True, "asserted", "deny", ())])
    assert opinion.stance == "denies"


def test_chinese_is_put_to_an_english_claim(model: StanceModel) -> None:
    chinese, unrelated_chinese = model.read([
        TextPair(CLAIM, "据说Aurel用测试集训练了Aster 4。"), TextPair(CLAIM, "今天的天气很好，适合散步。"),
    ])
    assert chinese["unrelated"] < 0.5 < unrelated_chinese["unrelated"]


def test_a_mention_takes_a_side_whatever_its_words_share_with_the_claim(model: StanceModel) -> None:
    def asked(quote: str, **fields: object) -> StancePair:
        row = {
            "context": None, "proposition": CLAIM, "negated": False, "certainty": "asserted",
            "speech_verb": None, "cues": (),
        } | fields
        return StancePair(claim=CLAIM, quote=quote, **row)  # type: ignore[arg-type]

    opinions = model.judge([
        asked("Aurel trained Aster 4 on test sets."),
        asked("It is simply not true that Aurel trained Aster 4 on test sets.", negated=True),
        asked("Nobody knows.", context="title: Aster 4"),
    ])
    assert [opinion.stance for opinion in opinions[:2]] == ["supports", "denies"]
    assert all(0.25 <= opinion.confidence <= 1 for opinion in opinions)
    assert model.judge([]) == [] and model.read([]) == []


def test_a_pair_is_read_alike_in_any_company(model: StanceModel, shipped: Retriever) -> None:
    pair = TextPair(CLAIM, "No, Aurel did not train Aster 4 on test sets")
    long = TextPair(CLAIM, "Much was said about the price. " * 200)
    reloaded = load(shipped)
    assert model.read([pair])[0] == model.read([long, pair, pair])[1] == reloaded.read([long, pair])[1]


def test_what_is_near_to_the_retriever_belongs_rather(model: StanceModel, shipped: Retriever) -> None:
    far, near = (TextPair(CLAIM, "Aster 4 saw the questions before.", None, cosine) for cosine in (0.1, 0.7))
    far_unrelated, near_unrelated = (shares["unrelated"] for shares in model.read([far, near]))
    assert near_unrelated < far_unrelated
    cosine = float(shipped.claims.encode([CLAIM])[0] @ shipped.passages.encode([near.text])[0])
    pair_with_cosine = TextPair(CLAIM, near.text, None, cosine)
    assert model.read([pair_with_cosine])[0] == pytest.approx(model.read([TextPair(CLAIM, near.text)])[0])


def test_a_text_belongs_less_likely_to_a_claim_that_every_document_seems_to_speak_to(
    model: StanceModel
) -> None:
    pairs = [TextPair(CLAIM, "Aurel used the test sets of three boards, I hear.", followed=True)]
    read_pairs = model.told(pairs)
    assert model.weighed(pairs, read_pairs) == model.read(pairs)
    alone_share, among_share = (
        1 - model.weighed(pairs, read_pairs, [share])[0]["unrelated"] for share in (0.0, 1.0)
    )
    assert among_share < alone_share
    assert model.weighed([], [], []) == []


def test_what_an_editor_follows_is_weighed_by_its_own_calibration(model: StanceModel) -> None:
    sentence = "Aurel says that it never trained Aster 4 on test sets."
    plain_shares, followed_shares = model.read(
        [TextPair(CLAIM, sentence), TextPair(CLAIM, sentence, followed=True)]
    )
    assert plain_shares != followed_shares
    assert {max(shares, key=shares.__getitem__) for shares in (plain_shares, followed_shares)} == {"denies"}


class Says(Encoder):
    """An encoder that gives every text the same logits and records the pairs that were asked."""

    def __init__(self, *logits: float) -> None:
        self._logits, self.asked = logits, list[Text]()

    def read(self, texts: Sequence[Text]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([self._logits] * len(texts), dtype=np.float32).reshape(len(texts), 5)


def test_the_large_encoder_reads_again_what_may_belong_and_chinese_by_its_gloss(shipped: Retriever) -> None:
    card = json.loads((weights.OWN / "relation.json").read_text("utf-8"))
    sieve = Sieve(Logistic.read(card["sieve"]), 0.5)
    texts = ("Aurel trained Aster 4 on test sets, I hear.", "Aurel 用测试集训练了 Aster 4。")
    pairs = [TextPair(CLAIM, text, None, 0.6) for text in texts]
    unrelated, denying_logits = (0.0, 0.0, 0.0, 0.0, 9.0), (0.0, 7.5, 0.0, 0.0, 9.0)
    for logits, reads_again, asked_again in (
        ((3.0, 0.0, 0.0, 0.0, -3.0), (0.1, 2.0), True), (unrelated, (0.9, 0.1), False),
        (denying_logits, (2.0, 0.1), True), (denying_logits, (2.0, 0.3), False),
    ):
        small, large = Says(*logits), Says(0.0, 5.0, 0.0, 0.0, -3.0)
        thresholds = RereadThresholds(*reads_again)
        model = TrainedRelation("two", small, large, shipped, calibrations(card),
                                (thresholds, RereadThresholds(2.0, 2.0)), sieve)
        english, chinese = model.read(pairs)
        assert small.asked == [(CLAIM, text) for text in texts]
        assert large.asked == ([(CLAIM, texts[0]), (CLAIM, gloss(texts[1]))] if asked_again else [])
        if asked_again:
            assert english["denies"] > 0.5 < chinese["denies"]
    large.asked.clear()
    followed = TrainedRelation("two", small, large, shipped, calibrations(card),
                               (RereadThresholds(2.0, 2.0), RereadThresholds(0.0, 0.0)), sieve)
    followed.read([*pairs, TextPair(CLAIM, texts[0], None, 0.6, followed=True)])
    assert large.asked == [(CLAIM, texts[0])], "a followed claim has thresholds of its own"
    mention = StancePair(CLAIM, texts[0], None, CLAIM, False, "asserted", None, ())
    large.asked.clear()
    model.judge([mention])
    assert large.asked == [(CLAIM, texts[0])], "a mention is known to belong"


def test_what_shares_too_little_with_its_claim_is_not_worth_reading(model: StanceModel) -> None:
    near_pair = TextPair(CLAIM, "Aurel trained Aster 4 on test sets, I hear.", None, 0.7)
    far_pair = TextPair(CLAIM, "The weather was fine in Lisbon.", None, 0.05)
    unknown = replace(far_pair, likeness=None)
    assert model.promise([far_pair, near_pair, unknown]) == [0.0, pytest.approx(0.8, abs=0.2), 1.0]
    assert model.promise([]) == []


@pytest.mark.parametrize("text", ["", " \n", "\x00\x00", "?" * 5000, "ا" * 3000, "🦙" * 900, "x" * 100_000])
def test_no_text_breaks_it(text: str, model: StanceModel) -> None:
    for pair in (TextPair(CLAIM, text), TextPair(text, CLAIM)):
        assert sum(model.read([pair])[0].values()) == pytest.approx(1)


def test_damaged_weights_are_named(tmp_path: Path) -> None:
    file = tmp_path / "relation.onnx"
    file.write_bytes(b"not a model")
    with pytest.raises(weights.WeightsError, match=r"relation\.onnx has SHA-256 .* damaged"):
        Encoder(file, weights.find() / "tokenizer.json", "0" * 64, 5, 128).read([("a", "b")])


def test_the_quality_does_not_fall(shared_data: Path, tmp_path: Path, model: StanceModel) -> None:
    """Every third post of early 2025, four labels: a floor below the score of all in `docs/benchmarks.md`."""
    subprocess.run([
        sys.executable, str(shared_data / "join_ai_claims.py"), str(tmp_path)
    ], check=True, capture_output=True)
    rows = [
        StanceRow(**json.loads(line))
        for line in (tmp_path / "ai_stance.jsonl").read_text("utf-8").splitlines()[::3]
    ]
    metrics, _ = eval_stance(rows, model, STANCE_LABELS[:4])
    assert metrics["macro_f1"] > 0.30
