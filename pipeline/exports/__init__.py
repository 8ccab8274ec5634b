"""Write what leaves the system: tables, dossiers, ClaimReview, feeds, calendars, JSON.

From outside: `tables` (a view as CSV, Parquet or JSON lines), `dossier` (one claim as an HTML file),
`citation` and `wording` (their words), `claimreview` (a claim that an editor signed off, as JSON-LD),
`status_feed` (changes of status, by `atom`), `calendar` (deadlines as iCalendar; `spans` says on which days),
`slip_svg` (promised release dates as a picture and as CSV), `json_answers` (claims, stories and sources as
JSON: `json_documents` makes it, `json_base`, `json_claims`, `json_stories` and `json_sources` describe it,
`json_cursors` says where lists go on). `timeline_svg` and `templates` serve these.
"""
