"""The page of one claim: a module for each section, all as known at one instant.

From outside: `page`. `as_of` holds the instant; `header`, `timeline`, `evidence`, `provenance`, `edits`,
`releases`, `context` and `downloads` draw one section each.
"""
