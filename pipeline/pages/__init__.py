"""Write pages to publish: one HTML file a claim and a story, without script, which loads nothing.

From outside: `claim` (the page of a claim), `story` (the page of a story), `embed` (a claim inside somebody
else's page), `card` (the picture that a shared link shows), `notice` (a page that says why there is none),
`links` (how the pages name one another), `style.POLICY` (their Content-Security-Policy).
"""
