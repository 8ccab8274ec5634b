"""Parse sentences with spaCy, and read the parse.

From outside: `parser` makes the tree of a sentence, `sentences` splits a text, `syntax` asks about words of a
tree, `frames` has the records of who says what, `language_id` tells the language of a text, `truecase` writes
headlines as sentences.
"""
