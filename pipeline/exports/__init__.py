"""Write what leaves the system: tables, dossiers, ClaimReview.

From outside: `tables` (a view as CSV, Parquet or JSON lines), `dossier` (one claim as an HTML file),
`claimreview` (a claim that an editor signed off, as JSON-LD), `json_answers` (claims, stories and sources as
JSON: `json_documents` makes it, `json_base`, `json_claims`, `json_stories` and `json_sources` describe it,
`json_cursors` says where lists go on), `atom` (feeds; `status_feed` that of changes of status), `calendar`
(deadlines as iCalendar; `spans` says on which days), `slip_svg` (promised release dates as a picture and as
CSV), `citation` (the words to cite by). `timeline_svg`, `wording` and `templates` serve these.
"""
