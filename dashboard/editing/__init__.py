"""Decisions of editors on a page."""
