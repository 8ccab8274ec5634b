"""The published copy as a lake: a DuckLake whose catalogue is a PostgreSQL database, each night a snapshot.

From outside: `address` reads what `[publish] lake` says, `nights` lists the nights and finds one by day,
`connection` attaches a night for a reader, `night` brings the lake to the rows of the file that a run
published. `move` takes a whole home over into a lake, `back` makes a home of it again. Inside, `catalogue`
asks PostgreSQL and holds the lock of the one writer, `rows` writes the rows that moved, `maintenance` joins
small files, `home_files` says which go along, and under which key of the storage (`pipeline.storage`).
"""
