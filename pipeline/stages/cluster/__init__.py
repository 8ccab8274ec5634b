"""Group the mentions that make the same claim (docs/cluster.md).

From outside: `stage.cluster`. `nodes` says what is grouped and what keeps it apart, `scores` how
likely two are one claim, `average_link` groups, `confirm` asks the relation model, `vectors` keeps
embeddings and their index, `result` makes the rows.
"""
