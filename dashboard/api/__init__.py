"""Serve the read-only JSON interface under /api/, for programs.

From outside: `routes` (the routes of the server, and what is done for pages of others), `service.Models` (how
what needs a model is made). `operations` is the one table of addresses, from which `openapi` describes them.
"""
