"""Say where a text stands toward a claim (docs/weigh.md).

From outside: `model` gives calibrated probabilities, `threads` reads whole threads, `thread_features` what it
reads of them, `focus` shortens a text, `belonging` weighs its answer and what
claim and text share, `cues` are the words of denial and doubt.
"""
