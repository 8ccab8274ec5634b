"""A user's own files: text, HTML, WARC, JSON lines."""
