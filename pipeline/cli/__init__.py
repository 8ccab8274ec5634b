"""The command `rumortrail`: one module for each group of commands.

From outside: `main`, the entry point. `app` registers every command; `console` prints tables, progress and
reports and opens the home folder.
"""

from pipeline.cli.app import main

__all__ = ["main"]
