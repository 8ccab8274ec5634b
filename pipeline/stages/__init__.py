"""The steps of a run, in this order; each is one function that reads and writes the store.

`ingest`, `extract`, `found`, `cluster`, `gather`, `weigh`, `trace`, `judge`, `second_read`, `track`,
`publish`. A stage imports no other stage: they meet in tables alone. Only `pipeline.run.nightly` calls them,
and a few commands one by one.
"""
