"""Tell those who keep a watch what moved: watches, events, an outbox, and its sending by mail and webhook.

From outside: `records` has `Watch` and how one is checked, `store` keeps watches (`WatchStore`), `tell` does
what a run does for them, `feed` makes the Atom feed of any filter, `addresses` the addresses of both,
`history` reads what was sent. `database` opens the file, `events` reads what happened out of a published
copy, `outbox` keeps what is to be sent, `notice` has its words, `messages` its forms, `rhythm` says when it
is due, and `send` sends it.
"""
