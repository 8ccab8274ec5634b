"""Parts that several pages share.

`html` (chips, lists, sections), `layout` (what stands around a page), `filters` (pickers held by the
address), `times` (UTC times as the reader's clock shows them), `evidence_card`, `entities`, and the room
`charts`.
"""
