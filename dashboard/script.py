"""The script that Streamlit runs, once for each thing that a reader does."""

import gc

from dashboard.app import main
from dashboard.handover import CHECK_TOOLS, SEARCH_MODEL

# Streamlit collects all garbage after each run: looking through all that was loaded took a tenth of a second
# each time. The first run takes it out of what is looked through.
if not gc.get_freeze_count():
    gc.collect()
    gc.freeze()
main(SEARCH_MODEL, CHECK_TOOLS)
