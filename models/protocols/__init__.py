"""What the pipeline asks of a model: its protocol, and the records in between. Stages see these alone.

From outside: `language` (passages, mentions, speakers), `vectors`, `stance` (where a text stands, and whether
it bears out the whole of a claim), `founding`, `second_reader`, `threads`, and `of_a_run` (all that a run is
given).
"""
