"""The tools that the dashboard starts with: models, the check of a text, the fetching of a page.

Only this module imports their makers: the others take the tools as parameters.
"""

from dashboard.api.service import Models
from dashboard.views.check.page import Tools
from pipeline.run.interactive import checker, embedder, fetcher

API_MODELS = Models(embedder, checker)
"""What the addresses under `/api/` are answered with."""
CHECK_TOOLS = Tools(checker, fetcher)
"""What the page Check works with."""
SEARCH_MODEL = embedder
"""What the search by meaning asks for vectors."""
