"""One spider for each platform."""
