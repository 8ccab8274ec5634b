"""Names in a text."""
