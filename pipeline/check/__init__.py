"""Check a text against the published copy: which of its statements are known claims, and how these stand.

From outside: `checker.Checker`, `records.Checked` with what is in it and `records.as_json`, and `keep`, which
writes a text that an editor keeps to the inbox. Nothing else that is checked is stored or logged.
`statements` are put to the claims (`known_claims`) that a `search` finds; `sameness` and `bearing` say what
each does.
"""
