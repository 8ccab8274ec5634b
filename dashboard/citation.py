"""How a piece of evidence is kept, with the command that hands it out, and the words to cite it by."""

from __future__ import annotations

from datetime import datetime

from dashboard.clock import when
from dashboard.rows.claim import Card
from pipeline.harmless import line, plain, safe


def archive(item: Card) -> str:
    """Where the archived page is, what proves it, and the command that gives it to a third party.

    There is no address on the web to link to: what was archived lies with whoever runs this.
    """
    rows = [("Version", f"{item.version}, as seen {when(item.seen_at)}")]
    part = "headline" if item.part == "title" else "text"
    rows.append(("Place", f"{part}, characters {item.start_char:,} to {item.end_char:,}"))
    rows.append(("SHA-256 of headline and text", _code(item.text_sha256)))
    if item.warc:
        file, _, record = item.warc.partition("#")
        rows.append(("Archive file", _code(file)))
        rows.append(("Record", _code(record)))
        rows.append(("SHA-256 of the page", _code(item.sha256 or "unknown")))
        rows.append(("Get it, with its proof", _code(f"rumortrail evidence {item.document_id}")))
    else:
        rows.append(("Archive", "no page was archived: the document was read from a file"))
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{value}</dd>' for name, value in rows)}</dl>"


def citation(item: Card) -> str:
    """The words to cite it by; a click marks them all."""
    return f'<pre class="rt-cite" role="group" tabindex="0" aria-label="Citation">{safe(cited(item))}</pre>'


def cited(item: Card) -> str:
    """Quote, speaker, role, publisher, address, times in UTC, and the hash of what was archived."""
    who = plain(item.speaker or "nobody named", 200)
    role = item.speaker_role.replace("_", " ")
    if item.speaker_organisation:
        role += f", {plain(item.speaker_organisation, 120)}"
    title = f"“{plain(item.title, 300)}”, " if item.title else ""
    said = f"said {_said(item.said_at, item.said_precision)}, seen {item.seen_at:%Y-%m-%d %H:%M:%S} UTC"
    proof = f"SHA-256 of the archived page {item.sha256}" if item.sha256 else f"SHA-256 of headline and text {item.text_sha256}"
    return (
        f"“{item.quote}”\n{who} ({role}), in {title}{plain(item.source, 200)}, {plain(item.url or 'no address', 2_000)}; "
        f"{said}; version {item.version}, {proof}."
    )


def _said(at: datetime | None, precision: str) -> str:
    if at is None or precision == "unknown":
        return "at an unknown time"
    forms = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
    if precision == "quarter":
        return f"Q{(at.month + 2) // 3} {at.year}"
    return f"{at:{forms[precision]}}" if precision in forms else f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _code(words: str) -> str:
    return f"<code>{line(words, 200)}</code>"
