"""Puts an English verb into the form that a proposition needs once "did not" or "may" has been taken away."""

from __future__ import annotations

IRREGULAR_PAST = {
    "be": "was", "beat": "beat", "become": "became", "begin": "began", "break": "broke", "bring": "brought", "build": "built",
    "buy": "bought", "catch": "caught", "choose": "chose", "come": "came", "cost": "cost", "cut": "cut", "do": "did",
    "draw": "drew", "drive": "drove", "fall": "fell", "feed": "fed", "fight": "fought", "find": "found", "get": "got",
    "give": "gave", "go": "went", "grow": "grew", "have": "had", "hide": "hid", "hit": "hit", "hold": "held", "keep": "kept",
    "know": "knew", "lead": "led", "leave": "left", "let": "let", "lie": "lied", "lose": "lost", "make": "made", "mean": "meant",
    "meet": "met", "outdo": "outdid", "overfit": "overfit", "pay": "paid", "put": "put", "quit": "quit", "read": "read",
    "rise": "rose", "run": "ran", "say": "said", "see": "saw", "sell": "sold", "send": "sent", "set": "set", "show": "showed",
    "shut": "shut", "sink": "sank", "speak": "spoke", "spend": "spent", "spread": "spread", "stand": "stood", "steal": "stole",
    "take": "took", "teach": "taught", "tell": "told", "think": "thought", "throw": "threw", "win": "won", "write": "wrote",
}  # fmt: skip
_VOWELS = "aeiou"
_DOUBLED = frozenset({"ban", "chat", "commit", "drop", "flop", "grab", "plan", "rig", "scrap", "ship", "slip", "stop", "tag", "top", "trim"})


def third(base: str) -> str:
    """Third person singular of the present: "train" -> "trains"."""
    if base in ("be", "have", "do", "go"):
        return {"be": "is", "have": "has", "do": "does", "go": "goes"}[base]
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        return base + "es"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ies"
    return base + "s"


def present(base: str, plural: bool) -> str:
    """The present for a subject of that number."""
    if not plural:
        return third(base)
    return "are" if base == "be" else base


def past(base: str) -> str:
    """The simple past: "train" -> "trained", "steal" -> "stole"."""
    if base in IRREGULAR_PAST:
        return IRREGULAR_PAST[base]
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ied"
    if base in _DOUBLED:
        return base + base[-1] + "ed"
    return base + "ed"
