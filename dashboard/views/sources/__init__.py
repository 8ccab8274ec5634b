"""The page Sources: track records, and the page of one source.

From outside: `page`. `source` is the page of one, `track_record` explains its record, `repetition` who
repeats whom.
"""
