"""The one style sheet of the pages, and the policy that lets a page use it and nothing else."""

from __future__ import annotations

POLICY = "default-src 'none'"
