"""Write what leaves the system: tables, dossiers, ClaimReview.

From outside: `tables` (a view as CSV, Parquet or JSON lines), `dossier` (one claim as an HTML file),
`claimreview` (a claim that an editor signed off, as JSON-LD), `timeline_svg` (the picture of a claim's
timeline), `citation` (the words to cite evidence by), `wording` (the words for times, voices, statuses),
`templates` (HTML that escapes what is put into it).
"""
