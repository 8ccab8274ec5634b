"""Turn collected documents into claims, evidence, origins and verdicts, and publish them.

Rooms, the highest first; each may import those below it: `cli` (the commands), `run` (the order of a night),
`digest`, `exports` and `evaluation`, `archive` and `stages` (one package for each step), `decisions` (what
editors decide), `published` (the read-only copy), `store` and `text`, `core` (records, settings, errors).
docs/architecture.md has the map.
"""
