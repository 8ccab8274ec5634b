"""Keep inbox and archive in object storage as well, and fetch from there what a home lacks.

From outside: `copies` puts and fetches the files of a home. `objects` is the storage itself, also of homes
that are moved into a lake: a bucket that speaks S3, or a folder that several machines share. The store of
documents and claims is `pipeline.store`.
"""
