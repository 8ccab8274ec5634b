"""Write what leaves the system: tables, dossiers, ClaimReview, feeds, calendars, JSON.

From outside: `tables` (a view as CSV, Parquet or JSON lines), `dossier` (one claim as an HTML file),
`claimreview` (a claim that an editor signed off), `json_answers` (claims, stories, sources as JSON, made by
`json_documents`; `json_base`, `json_claims`, `json_stories`, `json_sources` describe it, `json_cursors` says
where lists go on), `atom` and `status_feed` (moves as a feed), `calendar` (deadlines; `spans` says on which
days), `overtaken` (claims and stories as the journal has them since the copy was published), `slip_svg` and
`timeline_svg` (pictures of promised dates and of a claim), `citation`, `wording` (times, voices, statuses in
words), `templates` (HTML that escapes what is put into it).
"""
