"""Write what leaves the system: tables, dossiers, ClaimReview.

From outside: `tables` (a view as CSV, Parquet or JSON lines), `dossier` (one claim as an HTML file),
`claimreview` (a claim that an editor signed off, as JSON-LD), `json_answers` (claims, stories and sources as
JSON; `json_documents` makes it, `json_types` and `json_stories` describe it, `json_cursors` says where a list
goes on). `timeline_svg` draws the dossier's timeline, `templates` holds the HTML.
"""
