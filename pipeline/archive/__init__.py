"""Seal, time-stamp, check and hand out what was collected.

From outside: `seals` makes and reads the Merkle seal of each crawl's archive, `evidence_bundle` writes one
document's archived pages with their proofs, `verify` checks every archive and the editors' journal. `merkle`
and `timestamps` (RFC 3161) serve these three.
"""
