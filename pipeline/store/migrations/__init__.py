"""The schema as numbered SQL files, applied once each in order."""
