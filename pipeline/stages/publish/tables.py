"""How each published table is sorted, and by what its rows are found again.

A table that is named in none of the `BY_...` is worked out as a whole each night, and compared: that is
always right. One that is named there is worked out for the keys that moved (`moved.sql`) alone.
"""

from __future__ import annotations

# What is asked about one claim, or one document, then stands together: benchmarks/speed/sql_scale.py,
# docs/benchmarks.md.
SORTED = {
    "carriers": "source, claim_id",
    "claims": "claim_id",
    "evidence": "claim_id",
    "mentions": "claim_id",
    "second_opinions": "claim_id",
    "status_history": "claim_id, judged_at, step",
    "subjects": "type, subject",
    "timeline": "claim_id",
    "track_record_claims": "who_id",
    "documents": "document_id",
    "provenance": "document_id",
    "repeats": "source_id",
    "versions": "document_id, number",
}

BY_MENTION = frozenset({"evidence", "mentions"})
BY_DOCUMENT = {
    "documents": "hash(document_id) IN (FROM temp.moved_beside)",
    "versions": "hash(document_id) IN (FROM temp.moved_documents)",
    "edits": "hash(document_id) IN (FROM temp.moved_documents)",
    "links": "hash(document_id) IN (FROM temp.moved_beside)",
    "passages": "hash(document_id) IN (FROM temp.moved_beside)",
    "provenance": "hash(document_id) IN (FROM temp.moved_beside)"
                  " OR hash(origin_document_id) IN (FROM temp.moved_documents)",
}  # fmt: skip
"""By table, which of its rows are worked out anew."""
BY_CLAIM = frozenset({
    "carriers", "changes", "claims", "resolution_texts", "second_opinions", "status_history", "subjects",
    "timeline", "track_record_claims",
})  # fmt: skip
"""The rows of a claim are made of what is said to it and of its own rows."""
