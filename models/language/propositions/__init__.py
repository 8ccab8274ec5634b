"""Write what is said as a sentence that stands alone.

From outside: `writer`, `coreference` (what "it" means), `nominals`, `passing` (when it was said), `phrases`,
`verb_groups`. `antecedents` and `substitution` serve them.
"""
