"""Reproduces every weight that the project ships."""
