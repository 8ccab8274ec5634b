"""Let a signed-in editor decide on a page, and keep watches.

From outside: `dialogs` and `story_dialogs` draw the forms of decisions, `service` checks a decision and
writes it into the journal; `watch_dialogs` draws the forms of watches, `watch_service` keeps an editor's own.
"""
