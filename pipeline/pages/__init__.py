"""Write pages to publish: one HTML file a claim and a story, without script, which loads nothing.

From outside: `claim` and `story` (a page and its data), `story_picture` and `framed_picture` (their charts as
SVG), `embed` (a claim inside somebody else's page), `card` (the picture that a shared link shows), `notice`
(a page that says why there is none), `links` (how pages name one another), `style` (style and security
policy).
"""
