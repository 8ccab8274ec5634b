"""The keys of voices: typed, and stored as text."""

from __future__ import annotations

import pytest

from pipeline.core.records import Origin
from pipeline.core.vocabulary import HEARSAY, VoiceKey, VoiceKind
from pipeline.store.store import Store


@pytest.mark.parametrize("kind", VoiceKind)
def test_a_key_is_the_text_that_is_stored(kind: VoiceKind) -> None:
    assert VoiceKey.of(kind) == str(kind)
    key = VoiceKey.of(kind, "x:mira")
    assert key == f"{kind}:x:mira"
    assert (key.kind, key.id) == (kind, "x:mira")


def test_hearsay_and_voices_that_are_not_stored_have_no_document() -> None:
    assert [kind for kind in VoiceKind if not VoiceKey.of(kind).stored] == [
        VoiceKind.UNSTORED,
        VoiceKind.HEARSAY,
    ]
    assert (HEARSAY.kind, HEARSAY.id) == (VoiceKind.HEARSAY, "")


def test_what_is_no_key_has_no_kind() -> None:
    with pytest.raises(ValueError, match="nobody"):
        _ = VoiceKey("nobody:a").kind


def test_a_key_comes_back_from_the_store_as_a_key(store: Store) -> None:
    origin = Origin(
        "c1", "m1", VoiceKey.of(VoiceKind.SPEAKER, "vera holt"), "Vera Holt", None, True, "She says so."
    )
    store.append("origins", [origin])
    columns = ", ".join(Origin.__slots__)
    assert store.read(Origin, f"SELECT {columns} FROM store.origins") == [origin]
    assert type(store.read(Origin, f"SELECT {columns} FROM store.origins")[0].voice) is VoiceKey
