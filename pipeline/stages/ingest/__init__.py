"""Read the inbox into documents, versions, links and sources (docs/ingest.md).

From outside: `stage.ingest`.
"""
