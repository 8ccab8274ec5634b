"""Signing in, and who is signed in."""
