"""Propositions in words that stand alone."""
