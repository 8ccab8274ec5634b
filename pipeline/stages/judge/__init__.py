"""Say where each claim stands, since when, by which rule and why (docs/judging.md).

From outside: `stage.judge`; `inputs` and `history` for judging as of another day. `case` is what a rule sees,
made of the records of `evidence`; `rules` has the rules in their order, `doubts` who questions a claim with
weight, `reasons` the words of a verdict, `score` how well a claim is supported, `releases` the release
stages, `deadlines` the dated claims, `softened_quotes` what edits made of quoted words, `check_worthiness`
what deserves a check.
"""
