"""Model names inside longer identifiers: a derivative must not pass for what it derives from."""

from __future__ import annotations

import re

_BEFORE = re.compile(r"(?<![\w/-])([A-Z0-9][\w.]{0,30}-){1,6}$")
_AFTER = re.compile(r"(?:-[A-Z0-9][\w.]{0,30}){1,8}(?<!\.)(?!\w)")
_PREFIXES = frozenset({"non", "pre", "post", "anti", "ex", "multi", "all", "mini", "semi", "self", "re"})
# Words that follow a name without making it another model's.
_WORDS = frozenset(
    {"based", "class", "driven", "era", "generated", "generation", "grade", "level", "like", "only", "powered"}
    | {"quality", "ready", "scale", "size", "sized", "style", "tier", "trained", "type", "written"}
)
# How a model is packed or served, not which one it is.
_PACKING = frozenset(
    {"gguf", "ggml", "awq", "gptq", "exl2", "mlx", "onnx", "hf", "bnb", "fp8", "fp16", "bf16", "int4", "int8"}
    | {"instruct", "chat", "it", "base", "free", "latest", "4bit", "8bit", "q4", "q5", "q6", "q8"}
    | {"q4_k_m", "q5_k_m", "q8_0"}
)


def inside_another(text: str, start: int) -> bool:
    """Whether the name at `start` only continues an identifier ("Quux-R1-Mistral-24B" is no Mistral)."""
    before = _BEFORE.search(text, max(0, start - 60), start)
    return before is not None and before[0].split("-")[0].lower() not in _PREFIXES


def variant(text: str, end: int) -> tuple[int, str]:
    """Where the identifier that begins with a name ends, and what it adds to it ("" where nothing)."""
    after = _AFTER.match(text, end)
    if after is None:
        return end, ""
    words = after[0].split("-")[1:]
    if words[0].lower() in _WORDS:
        return end, ""
    return after.end(), " ".join(word for word in words if word.lower() not in _PACKING)
