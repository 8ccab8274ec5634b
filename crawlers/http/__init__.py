"""Connections: guard, limits, failures, credentials, archive."""
