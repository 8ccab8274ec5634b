"""What spreads work: the implementations of `pipeline.core.engine`.

`opening` makes the one that the settings name: `local` works in several processes of this machine, `ray` on a
cluster. `spread` is what both share: batches in order, and what a worker raised. `board` is the
file in which a run tells what its workers are at, for `rumortrail status`.
"""
