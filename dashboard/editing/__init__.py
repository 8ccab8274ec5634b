"""Let a signed-in editor decide on a page.

From outside: `dialogs` and `story_dialogs` draw the forms, `service` checks a decision and writes it into
the journal.
"""
