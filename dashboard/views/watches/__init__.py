"""The page Watches: an editor's own watches, what each would have told, and when it last sent.

From outside: `page`.
"""
