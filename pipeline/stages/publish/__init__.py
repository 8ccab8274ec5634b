"""Publish: a fresh read-only copy of the public views, renamed over the last one."""
