"""The words of an evidence bundle: its index page and its README."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

from pipeline.archive.evidence_subject import Subject

README = """\
HOW TO CHECK THIS EVIDENCE

With one command (Python 3.11 or newer, nothing to install, no network):
  python3 evidence/verify_evidence.py
It says what it checked, what holds, and what it cannot check. A copy that came with the evidence could have
been changed as well: take verify_evidence.py from Rumortrail itself if that matters.

To look at the pages as they were: open the .wacz file (or this folder, packed as a ZIP file named .wacz) with
ReplayWeb.page or pywb.

By hand, without any program of ours:
- datapackage.json has the SHA-256 of every file (`sha256sum`), datapackage-digest.json that of
  datapackage.json.
- archive/NAME.warc.gz is one record exactly as the archive holds it: `warcio check archive/NAME.warc.gz`.
- Its leaf is SHA-256(0x00 || the file). NAME/inclusion.json leads from it to the root of the night
  (RFC 6962, 2.1.1): a node is SHA-256(0x01 || left || right), the nearest neighbour first. The root of each
  night is in seals/.
- The last leaf of a night stands for the night sealed before it: SHA-256(0x00 || "previous seal\\n" ||
  archive || "\\n" || root in hex || "\\n"). seals/chain.json leads in that way from night to night.
- seals/NIGHT@AUTHORITY.tsr: that authority signed that the root of the night existed at that time. With the
  certificate of the authority, which you get from the authority:
  openssl ts -verify -data seals/NIGHT.root -in seals/NIGHT@AUTHORITY.tsr -CAfile AUTHORITY.pem
"""
_STYLE = (
    "body{font:16px sans-serif;max-width:60em;margin:2em auto}th{text-align:left;padding-right:1em}"
    "td{overflow-wrap:anywhere}pre{white-space:pre-wrap}"
)


def index(
    subject: Subject, versions: list[dict[str, Any]], sizes: Mapping[str, tuple[str, int]], faults: list[str]
) -> str:
    """Return a page that loads nothing and links nowhere: addresses and texts are shown as text.

    `sizes` has the SHA-256 and the size in bytes of each file.
    """
    parts = [
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>",
        "<meta http-equiv='Content-Security-Policy' "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>Evidence: {_shown(subject.title)}</title>",
        f"<style>{_STYLE}</style></head><body>",
        f"<h1>{_shown(subject.title)}</h1>",
    ]
    if subject.claim:
        parts.append(_table(subject.claim))
    if faults:
        lines = "".join(f"<li>{_shown(fault)}</li>" for fault in faults)
        parts.append(f"<h2>Missing or damaged</h2><ul>{lines}</ul>")
    for document in subject.documents:
        parts += [f"<h2>{_shown(document['title'] or document['document_id'])}</h2>", _table(document)]
        for statement in subject.statements:
            if statement["document_id"] == document["document_id"]:
                parts += ["<h3>Mention</h3>", _table(statement)]
        for version in versions:
            if version["document_id"] == document["document_id"]:
                parts += [f"<h3>Version {version['number']}</h3>", _table(version), _files(version, sizes)]
    parts.append("<p>payload.bin is the page exactly as received. It may hold scripts: open it as text.</p>")
    parts.append(f"<pre>{_shown(README)}</pre></body></html>\n")
    return "\n".join(parts)


def _files(version: dict[str, Any], sizes: Mapping[str, tuple[str, int]]) -> str:
    rows = (
        f"<li><code>{_shown(name)}</code>, {size} bytes, SHA-256 <code>{sha256}</code></li>"
        for name, (sha256, size) in sizes.items()
        if name == version["record"] or name.startswith(f"{version['folder']}/")
    )
    return f"<ul>{''.join(rows)}</ul>"


def _table(values: Mapping[str, Any]) -> str:
    rows = (f"<tr><th>{_shown(key)}</th><td>{_shown(value)}</td></tr>" for key, value in values.items())
    return f"<table>{''.join(rows)}</table>"


def _shown(value: object) -> str:
    if value is None:
        return "unknown"
    return escape(f"{value:%Y-%m-%d %H:%M:%S} UTC" if isinstance(value, datetime) else str(value))
