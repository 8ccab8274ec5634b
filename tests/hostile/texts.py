"""Texts that nobody writes in good faith, and some that people write; none may break a reader."""

from __future__ import annotations

from hypothesis import strategies as st

# Words with which the readers' patterns begin, and words that stand beside them in real posts.
_WORDS = (
    "Lumen 3", "Halcyon Labs", "Otter", "GPT-5", "GPT-5-", "claude-3-", "llama-4-", "V3-",
    "Mira Solano", "@mirasolano", "Meta", "Llama 4", "said", "denies", "according to",
    "it is not true that", "released", "will cost", "trained on", "beats", "in", "next week",
    "on Monday", "by the end of 2026", "February 30", "31 April 2026", "Q4", "0000-00-00", "$",
    "€", "%", "million", "billion", "euro", "euros", "dollar", "US dollars", "pounds", "yuan",
    "won", "tokens/s", "parameters", "GPUs", "x", "k", "10²", "①", "½", "٣٤٥", "七百亿", "六十七",
    "百分之", "亿美元", "万张显卡", "参数", "表示", "说：", "“", "”", "「", "」", "『", "《",
    "》", "\"", "'", "’s", "(", ")", "[", "]", "> ", ">>", "* ", "- ", "# ", "|", "...", "…", "?",
    "!", ".", ",", ":", ";", "\n", "\n\n", "\r", "\t", "\x00", "\u200f", "\u202e", "\u2066",
    "\ufeff", "\u200b", "\u00a0", "\u3000", "🦙", "👩‍👩‍👧", "e\u0301", "https://",
    "www.a.example/b", "u/someone_else", "some_user-1 says", "co-founded", "1.2.3.4", "1,000,000",
    "12:30", "2026-03-04", "-1", "1e309", "0", "00", "3x", "2-3 million", "24年9月", "第三代", "r1",
    "V3.1",
)  # fmt: skip

LONG_NUMBERS = st.builds(lambda digit, count: digit * count, st.sampled_from("0123456789٣७②²௧"),
                         st.sampled_from((40, 309, 400, 4400)))

PIECES = st.one_of(
    st.sampled_from(_WORDS),
    st.sampled_from(_WORDS),
    st.text(max_size=8),
    st.integers(0, 10**40).map(str),
    st.characters(categories=("Nd", "Nl", "No")).map(lambda digit: digit * 3),
    LONG_NUMBERS,
)

TEXTS = st.builds(lambda texts, separator: separator.join(texts), st.lists(PIECES, max_size=25),
                  st.sampled_from((" ", " ", "")))
"""Texts of words that readers know and of anything that Unicode has, lone surrogates among it."""
