"""Work on text as text: none of these modules knows the store.

`sanitize` shows strangers' text safely, `names` compares names, `attribution` reads who is named as a source,
`boilerplate` knows what of a page is no content, `diff` compares two wordings, `inline_diff` marks the
changed words of a sentence, `slots` tells look-alike claims apart by version, figure and date, `details` by
what their words alone pin down (`figures` reads the numbers), `standalone` finds the best sentence,
`forums` tells whether a post speaks for its author or for its site.
"""
