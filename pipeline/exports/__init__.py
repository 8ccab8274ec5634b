"""Write what leaves the system: tables, dossiers, ClaimReview.

From outside: `tables` (a view as CSV, Parquet or JSON lines), `dossier` (one claim as an HTML file),
`claimreview` (a claim that an editor signed off, as JSON-LD), `citation` (the words to cite one by), `atom`
(feeds; `status_feed` that of changes of status), `calendar` (deadlines, as iCalendar; `spans` says on which
days they fall), `slip_svg` (promised dates as a picture and as CSV). `timeline_svg` draws the timeline
of dossier and pages, `wording` has their words, `templates` holds the HTML.
"""
