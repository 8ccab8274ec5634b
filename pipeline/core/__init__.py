"""What every room may use: it imports no other room.

`records` has the nouns as dataclasses and enums, `config` the settings and the paths of the home folder,
`context` what the stages of a run share, `inbox` reading and writing the inbox, `errors` what is raised on
purpose, `text` cuts text to a length, `files` whole-file writes, `rows` records from database rows.
"""
