"""Answer for the pages to publish: claims and stories without script, their pictures, cards and embeds.

From outside: `routes` (the routes, and the headers that the server leaves as they are).
"""
