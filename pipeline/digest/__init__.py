"""Tell what a run changed: as Markdown, mail, webhook and Atom feed.

From outside: `changes` collects and words the changes of a run, `deliver` writes the digest in every form and
sends it, `feed` writes the Atom feed. `mail` and `webhook` each make one form; `smtp` sends any mail, those
of watches too.
"""
