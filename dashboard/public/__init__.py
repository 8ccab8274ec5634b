"""Answer for the pages to publish: claims and stories without script, their pictures, cards and embeds.

From outside: `routes` (the routes, and the policies that the server leaves as they are). `answers` makes an
answer, `reader` holds the published copy and the answers that were made of it.
"""
