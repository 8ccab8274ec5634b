"""Check: a pasted text or a link, its statements highlighted, and beside each what is known of it.

From outside: `page.show`, and `page.Tools`, which whoever starts the dashboard hands over. `segments` cuts
the text into what stands beside each answer. What is pasted stays in the memory of the reader's session.
"""
