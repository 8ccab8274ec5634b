"""What whoever starts the dashboard hands over to it: models, the check of a text, the fetching of a page.

Here alone the dashboard meets what makes them: its other modules take them as parameters.
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
