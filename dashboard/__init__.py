"""The Streamlit dashboard: it reads the published copy and writes the editors' journal, nothing else.

From outside: `launch` starts it. `main` is the server that Streamlit finds, `server` its routes and headers,
`script` what runs for each visit, `handover` what both are given, `app` the list of pages, `http` what every
address reads of a request. Rooms, the highest first: `views` (the pages), `editing`, `components` (what pages
share), `auth`, `data` (queries, records).
"""
