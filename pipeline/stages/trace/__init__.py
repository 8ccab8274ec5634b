"""Find where documents took what they say from, and whose voice each piece of evidence is (docs/trace.md).

From outside: `stage.trace`. `near_duplicates` and `quotations` find shared text, `publishers` knows which
outlets are one publisher group, `voices` follows each statement to its origin, `origins` makes the rows,
`model` has what they hand to one another.
"""
