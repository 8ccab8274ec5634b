"""Two made-up worlds that tests read, and what lays them; a third is not needed for a new test.

`stories` (with `stories.toml`) is the world of the pages: `sample` lays it as a published copy, `programs`
adds a story and a hidden claim. `newsroom` is the world of docs/sql.md, where each question has an answer.
All else is without content of its own: `builder` and `judged` write rows that a test names itself, `laid`
makes empty stores, `nights` and `upgraded` run nights and migrations, `kept` seals two nights, `cases` and
`threads` draw random cases for rules and voices. (The demo ships its own world, `crawlers/demo/content`.)
"""
