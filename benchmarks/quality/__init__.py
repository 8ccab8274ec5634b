"""How well text is found, read, grouped and judged: against hand labels, data sets and real pages.

`bench` (`make bench`) compares the figures of `measures` with those of `floors`; every other module is a
measurement of its own. Beside them lie labels that one module alone reads, and what a person read and judged.
"""
