"""`rumortrail`: the command line, a module for each group of commands; `main` is its entry point."""

from pipeline.cli.app import main

__all__ = ["main"]
