"""The read-only copy: opening it, and the one reader of a claim."""
