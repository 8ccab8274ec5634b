"""Where a text stands toward a claim."""
