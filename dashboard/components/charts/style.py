"""Colours and shapes that all charts share."""

from __future__ import annotations

# The colours of theme/css/base.css, which a canvas cannot read: (light, dark). A test compares the two.
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
FONT = '"Source Sans", sans-serif'
SHAPES = {"supports": "triangle-up", "denies": "triangle-down", "questions": "diamond", "reports": "circle"}
# The shapes of theme/css/base.css as paths of a square from -1 to 1, which a canvas can draw.
STATUS_SHAPES = {
    "unverified": "circle",
    "corroborated": "M-1,0A1,1,0,0,1,1,0L0.72,0A0.72,0.72,0,0,0,-0.72,0ZM-1,0A1,1,0,0,0,1,0Z",
    "disputed": "M-1,-1L0,0L-1,1ZM1,-1L0,0L1,1Z",
    "substantiated": (
        "M-1,0A1,1,0,1,1,1,0A1,1,0,1,1,-1,0Z"
        "M-0.14,0.55L0.72,-0.31L0.46,-0.5L-0.17,0.12L-0.49,-0.17L-0.72,0.02Z"
    ),
    "contradicted": "M-0.6,-1L0,-0.4L0.6,-1L1,-0.6L0.4,0L1,0.6L0.6,1L0,0.4L-0.6,1L-1,0.6L-0.4,0L-1,-0.6Z",
    "retracted": "M-0.1,-1L-0.1,-0.44L1,-0.44L1,1L0.48,1L0.48,0.08L-0.1,0.08L-0.1,0.68L-1,-0.16Z",
    "expired": "M-0.92,-1L0.92,-1L0.2,0L0.92,1L-0.92,1L-0.2,0Z",
}
