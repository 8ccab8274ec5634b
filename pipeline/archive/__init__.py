"""The archive's seals, time-stamps and proofs."""
