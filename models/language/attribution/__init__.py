"""Find who says what.

From outside: `walker` reads a sentence's tree clause by clause, `speakers` names voices, `quotations` finds
quoted speech, `source_credits` the source that is named behind a sentence, `chinese` reads Chinese sentences,
which are not parsed. `walk` is the walker's base; `speech`, `statement_nouns`, `relayed`, `citations` and
`appositions` each handle one construction.
"""
