"""spaCy's parse and what is read off it."""
