"""Say where a text stands toward a claim (docs/weigh.md).

From outside: `model` gives probabilities, which `calibration` makes of what the encoders say and `belonging`
of what claim and text share; `threads` reads whole threads, `thread_features` what it reads of them, `focus`
shortens a text, `cues` are the words of denial and doubt.
"""
