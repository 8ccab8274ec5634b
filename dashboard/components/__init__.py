"""Parts that several pages share.

`html` (templates, chips, sections), `layout` (what stands around a page), `filters` and `day_picker` (held by
the address), `times` (UTC times as the reader's clock shows them), `since` (from when on things are news),
`evidence_card`, `entities`, `health` (ailing sources), `subscribe` (addresses of feeds and calendars), `slip`
(promised release dates), `handout` (the files of a chart), `stories`, `rivals`, `provenance`, `resolution`,
and the room `charts`.
"""
