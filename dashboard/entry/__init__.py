"""Where the dashboard starts: nothing here is imported by anything, Streamlit runs it."""
