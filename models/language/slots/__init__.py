"""Read a claim's kind, figures and dates, and decide whether a sentence is a claim.

From outside: `claim_kind`, `quantities`, `dates`, `filters`.
"""
