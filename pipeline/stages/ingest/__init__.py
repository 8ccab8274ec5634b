"""Ingest: from the inbox to documents, versions, links and sources."""
