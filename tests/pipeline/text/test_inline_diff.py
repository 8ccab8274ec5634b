"""Which words of a sentence were removed and which were added."""

from __future__ import annotations

from pipeline.text.diff import Hunk
from pipeline.text.inline_diff import Fate, Words, sentences

K, R, A = Fate.KEPT, Fate.REMOVED, Fate.ADDED


def test_a_reworded_sentence_keeps_what_both_have() -> None:
    found = list(sentences(Hunk(("Aster 4 is out today.",), ("Aster 4 may be out today.",))))
    assert found == [[Words(K, "Aster 4"), Words(R, "is"), Words(A, "may be"), Words(K, "out today.")]]


def test_sentences_that_share_little_went_and_came_whole() -> None:
    found = list(sentences(Hunk(("One thing.",), ("Quite another matter.",))))
    assert found == [[Words(R, "One thing.")], [Words(A, "Quite another matter.")]]


def test_what_came_before_a_reworded_sentence_stays_before_it() -> None:
    found = list(
        sentences(Hunk(("The model is here now.",), ("A fresh start!", "The model is not here now.")))
    )
    assert [[part.fate for part in parts] for parts in found] == [[A], [K, A, K]]


def test_nothing_is_lost() -> None:
    hunk = Hunk(("a b c d", "e f"), ("a b x d", "g h i"))
    parts = [part for sentence in sentences(hunk) for part in sentence]
    assert " ".join(p.text for p in parts if p.fate is not A).split() == ["a", "b", "c", "d", "e", "f"]
    assert sorted(" ".join(p.text for p in parts if p.fate is not R).split()) == sorted(
        ["a", "b", "x", "d", "g", "h", "i"]
    )
