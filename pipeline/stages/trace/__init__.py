"""Trace: where documents took what they say from, and whose voice each piece of evidence is."""
