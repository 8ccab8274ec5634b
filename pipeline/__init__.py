"""Turns collected documents into claims, evidence, origins and verdicts, and publishes them."""
