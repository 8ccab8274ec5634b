"""The nouns, the inbox format, settings, errors, files: what every room may use."""
