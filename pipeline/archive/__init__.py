"""Seal, time-stamp, check and hand out what was collected.

From outside: `after_crawl` seals the archives of a crawl and has their roots time-stamped, `evidence_bundle`
writes the archived pages of a document or claim with their proofs, `verify` checks every archive and the
editors' journal, `seals` tells an archive's seal. `chain`, `merkle`, `timestamps` (RFC 3161) and
`warc_records` serve them; `evidence_subject`, `evidence_page` and `wacz` make a bundle, and
`verify_evidence` travels in it.
"""
