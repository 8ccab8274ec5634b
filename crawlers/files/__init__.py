"""Put a user's own files into the inbox: text, HTML, WARC, JSON lines (docs/ingest.md).

From outside: `importer`, and `single_file`, which reads one file and keeps nothing. `jsonlines`, `saved_page`
and `warc_reader` each read one kind of file.
"""
