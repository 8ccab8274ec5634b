"""The stance rules: one case for each kind of speech."""

from __future__ import annotations

import pytest

from models.protocols.stance import StancePair
from models.stance.rules import opinion

CLAIM = "Aurel trained Aster 4 on test sets"


def pair(quote: str, claim: str = CLAIM, proposition: str | None = None, **fields: object) -> StancePair:
    """Return a pair as weigh asks it, with the given cues of extract."""
    row = {
        "context": quote, "negated": False, "certainty": "asserted", "speech_verb": None, "cues": ()
    } | fields
    return StancePair(claim=claim, quote=quote, proposition=proposition or claim, **row)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "stance"),
    [
        (pair("Aurel trained Aster 4 on test sets."), "supports"),
        (pair("Aurel will train Aster 4 on test sets.", certainty="predicted"), "supports"),
        (pair("We admit that we trained Aster 4 on test sets.", speech_verb="admit"), "supports"),
        (
            pair(
                "Aurel admitted that it trained Aster 4 on test sets, a day after it had denied it.",
                speech_verb="admit",
            ),
            "supports",
        ),
        (pair("Aurel may have trained Aster 4 on test sets.", certainty="hedged"), "supports"),
        (pair("It is simply not true that Aurel trained Aster 4 on test sets.", negated=True), "denies"),
        (pair("Aurel denies that it trained Aster 4 on test sets.", speech_verb="deny"), "denies"),
        (pair("That Aurel trained Aster 4 on test sets is false."), "denies"),
        (pair("Did Aurel train Aster 4 on test sets?"), "questions"),
        (pair("Aurel trained Aster 4 on test sets", certainty="questioned"), "questions"),
        (pair("I doubt that Aurel trained Aster 4 on test sets."), "questions"),
        (pair("Aurel reportedly trained Aster 4 on test sets."), "reports"),
        (pair("Aurel trained Aster 4 on test sets, a rumour has it.", certainty="reported"), "reports"),
        (pair("Some deny that Aurel trained Aster 4 on test sets.", certainty="reported"), "reports"),
        (pair("Aurel declined to comment on whether it trained Aster 4 on test sets."), "reports"),
        (pair("Aurel could not be reached.", proposition="Aurel could not be reached"), "reports"),
    ],
)
def test_speech_gives_the_stance_away(asked: StancePair, stance: str) -> None:
    judged = opinion(asked)
    assert judged.stance == stance
    is_known = judged.cues != ("little in common with the claim",)
    assert (0.5 <= judged.confidence <= 1 if is_known else judged.confidence == 0.25) and judged.cues


NEGATIVE = "Aurel did not train Aster 4 on test sets"


@pytest.mark.parametrize(
    ("claim", "proposition", "negated", "stance"),
    [
        (NEGATIVE, NEGATIVE, False, "supports"),
        (NEGATIVE, CLAIM, True, "supports"),
        (NEGATIVE, CLAIM, False, "denies"),
        (NEGATIVE, NEGATIVE, True, "denies"),
        (CLAIM, NEGATIVE, False, "denies"),
        (CLAIM, NEGATIVE, True, "supports"),
        ("Aster 4 is open source", "Aster 4 is proprietary", False, "denies"),
        ("Aster 4 is delayed", "Aster 4 is on track", False, "denies"),
        ("Aster 4 runs not only on phones", "Aster 4 runs on phones", False, "supports"),
    ],
)
def test_the_claims_own_polarity_counts(claim: str, proposition: str, negated: bool, stance: str) -> None:
    quote = f"It is not so: {proposition}" if negated else proposition
    assert opinion(pair(quote, claim, proposition, negated=negated)).stance == stance


def test_a_word_of_the_claim_itself_is_no_sign() -> None:
    claim = "Aurel's charts for Aster 4 are misleading"
    assert opinion(
        pair("Aurel's charts for Aster 4 are misleading, says the lab.", claim)
    ).stance == "supports"
