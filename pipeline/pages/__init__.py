"""Write pages to publish: one HTML file a claim and a story, without script, which loads nothing.

From outside: `claim` and `story` (a page, its picture and data), `embed` (a claim inside somebody else's
page), `card` (the picture that a shared link shows), `notice` (a page that says why there is none), `links`
(how the pages name one another), `style` (their style and their Content-Security-Policy).
"""
