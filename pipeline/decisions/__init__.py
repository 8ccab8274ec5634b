"""Keep what editors decide, and who may decide.

From outside: `journal` (the append-only SQLite journal, chained by hashes), `sync` (copies it into the store
at the start of a run), `preview` (what a decision would change), `accounts` (editors with a password),
`editorial` (applies merges, splits, moves and the machine's joins to the claims), `stories` (which claims
must be of one story and which must not, as `bonds`). `joins` says which joins hold beside what editors
said, `story_preview` what a decision on stories would change. `overtaken` has what the journal says since a
copy was published.
"""
