"""Let a signed-in editor decide on a page.

From outside: `dialogs` draws the forms, `service` checks a decision and writes it into the journal.
"""
