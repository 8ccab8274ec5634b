"""What every room may use: it imports no other room.

`records` has the nouns as dataclasses and enums, `config` the settings and the paths of the home folder,
`context` what the stages of a run share, `inbox` reading and writing the inbox, `errors` what is raised on
purpose, `files` whole-file writes and locks, `sqlite` small files that several processes write, `http` a POST
that ends in time, `text` cuts text to a length, `page` one page that a person asked for, `same_page` which
addresses lead to one page, `times` the bounds of a time, `rows` records from database rows, `warc` what
reading a WARC file can raise, `accounts` whose page an address is and the full names of accounts, `engine`
the protocol of what spreads work.
"""
