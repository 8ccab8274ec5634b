"""Keep every connection within bounds.

From outside: `ssrf_guard` refuses private addresses, `failures` names what went wrong, `credentials` finds
tokens and logs in, `reachability` says that there is no network, `warc_writer` archives responses,
`unpacking` unpacks bodies within bounds, `scrapy_patches` bounds headers (it subclasses private classes of
Scrapy and Twisted).
"""
