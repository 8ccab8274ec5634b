"""Let a signed-in editor decide on a page, and keep watches.

From outside: `dialogs` draws the forms of decisions, `service` checks a decision and writes it into the
journal; `watch_dialogs` draws the forms of watches, `watch_service` checks and keeps an editor's own.
"""
