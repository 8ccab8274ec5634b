"""What the retriever learns from, in which batches, and that nothing unread counts as wrong."""

from __future__ import annotations

import random
from types import ModuleType
from typing import Any

import pytest

from models.training.relation.labels import Labelled


@pytest.fixture(scope="module")
def retriever() -> ModuleType:
    """Return the training module, which loads PyTorch and is loaded only when a test of it runs."""
    from models.training import retriever

    return retriever


def row(label: str, language: str = "en", sure: bool = True, text: str = "a text") -> Labelled:
    return Labelled("c1", "a claim", "s1", "train", "d1", text, "", label, sure, language)


@pytest.mark.slow
def test_passages_are_drawn_with_what_is_unrelated_in_their_language(retriever: ModuleType) -> None:
    rows = [row("supports"), row("denies", "zh"), row("unrelated", text="an English one"),
            row("unrelated", "zh", text="a Chinese one"), row("unrelated", sure=False, text="a doubtful one")]
    samples_drawn = retriever.samples(
        rows, [retriever.Sample("another", "s2", "its words", None)], random.Random(1)
    )
    assert sorted(sample.unrelated or "" for sample in samples_drawn) == [
        "", *["a Chinese one"] * retriever.FOREIGN, "an English one"]
    assert sorted(retriever.grouped(samples_drawn, random.Random(1)), key=repr) == sorted(
        samples_drawn, key=repr
    )


class Words:
    """An encoder whose input text spells out the vector."""

    def __call__(self, texts: list[str], **_: Any) -> dict[str, Any]:
        import torch

        ids = torch.tensor([[float(value) for value in text.split()[1:]] for text in texts])
        return {"input_ids": ids, "attention_mask": ids}


@pytest.mark.parametrize(("story", "related", "lost"), [
    ("s2", set(), True), ("s1", set(), False), ("s2", {("1 0", "0.9 0.1")}, False),
])
def test_only_what_is_known_to_be_another_claims_counts_as_wrong(
    story: str, related: set[tuple[str, str]], lost: bool, retriever: ModuleType
) -> None:
    import torch

    batch = [retriever.Sample("1 0", "s1", "1 0", None), retriever.Sample("0.9 0.1", story, "0.9 0.1", None)]
    loss = retriever.loss_of(lambda ids, _: ids, Words(), batch, related)
    claim_loss = torch.nn.functional.cross_entropy(
        torch.tensor([[1.0, 0.9 if lost else -1e4]]) * retriever.SHARPNESS, torch.tensor([0]))
    passage_loss = torch.nn.functional.cross_entropy(
        torch.tensor([[0.9 if story == "s2" else -1e4, 0.82]]) * retriever.SHARPNESS, torch.tensor([1]))
    assert loss.item() == pytest.approx(((claim_loss + passage_loss) / 2).item(), rel=0.02)
