"""Sources that cannot be read, or bring nothing new: the same words on every page."""

from __future__ import annotations

from dashboard.components.html import Template

_html = Template("components/health.html")
ailing = _html.ailing
unwell = _html.unwell
