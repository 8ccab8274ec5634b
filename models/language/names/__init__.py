"""Find names in a text.

From outside: `document` (a text with what it names), `entity_spans` (names in a span), `people`,
`introductions` (whom a description names).
"""
