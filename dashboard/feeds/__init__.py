"""Serve what readers subscribe to: calendars, the Atom feeds of filters, the page that stops a watch's mail.

From outside: `routes` for the calendars and feeds, `unsubscribe` for the page. `answers` keeps what was made.
"""
