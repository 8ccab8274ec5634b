"""What every room may use: it imports no other room.

`vocabulary` has the words that `records` (of the store) and `inbox_records` hold, `config` the settings
(`setting_types` what they may be), `home` the paths of the home folder, `context` what the stages of a run
share, `engine` the protocol of what spreads work, `inbox` reading and writing the inbox, `errors` what is
raised on purpose, `files` whole-file writes and locks, `sqlite` small files that several processes write,
`http` a POST that ends in time, `text` cuts text, `page` one page that a person asked for, `same_page` which
addresses lead to one page, `times` the bounds of a time, `rows` records from rows, `warc` what reading a WARC
file can raise, `accounts` whose page an address is.
"""
