"""The script that Streamlit runs, once for each thing that a reader does."""

from dashboard.app import main

main()
