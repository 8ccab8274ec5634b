"""The tables as numbered SQL files, applied once each in order; a shipped file never changes."""
