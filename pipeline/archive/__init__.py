"""Seal, time-stamp, check and hand out what was collected.

From outside: `after_crawl` seals the archives of a crawl and has their roots time-stamped, `evidence_bundle`
writes one document's archived pages with their proofs, `verify` checks every archive and the editors'
journal. `seals`, `merkle`, `timestamps` (RFC 3161) and `warc_records` serve these three.
"""
