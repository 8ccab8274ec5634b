"""Write what is said as a sentence that stands alone.

From outside: `writer`, `coreference` (what "it" means), `nominals`. `antecedents`, `phrases`,
`verb_groups` and `substitution` serve them.
"""
