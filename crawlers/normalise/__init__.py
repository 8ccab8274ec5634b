"""Bring addresses, dates, encodings and text to one form, and check documents.

From outside: `urls`, `dates`, `encoding`, `text_repair`, and `validate`, which checks a document before it
may enter the inbox.
"""
