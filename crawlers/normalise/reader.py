"""Which code reads the texts: spiders and files are read by the same."""

READER = 3
"""The number of the code that reads texts, the same for all spiders and for pages in files. It grows with
each change that makes another text of the same answer: such a text is then no edit."""
