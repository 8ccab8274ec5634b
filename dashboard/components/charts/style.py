"""Colours and shapes that all charts share."""

from __future__ import annotations

# The colours of theme/css/base.css, which a canvas cannot read: (light, dark). A test keeps the two files alike.
COLOURS = {
    "supports": ("#0a66a8", "#6cb4ee"),
    "denies": ("#b54708", "#ff9b57"),
    "questions": ("#93397a", "#e39aca"),
    "reports": ("#5f656c", "#a3a9b0"),
    "unverified": ("#555b63", "#a9afb6"),
    "corroborated": ("#0a66a8", "#6cb4ee"),
    "disputed": ("#825300", "#e8bd55"),
    "substantiated": ("#00684a", "#4cc79b"),
    "contradicted": ("#ac3209", "#ff8f66"),
    "retracted": ("#8a3573", "#e09ac8"),
    "expired": ("#655a48", "#c2b59c"),
}
INK, SOFT, LINE, PAPER = (
    ("#1d2126", "#e9e6df"),
    ("#555b63", "#a9afb6"),
    ("#d8d2c5", "#3a4047"),
    ("#fcfbf8", "#14171a"),
)
SHAPES = {"supports": "triangle-up", "denies": "triangle-down", "questions": "diamond", "reports": "circle"}
