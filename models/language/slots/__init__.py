"""Kinds, quantities and dates of a claim."""
