"""The Streamlit dashboard: reads the published copy, and nothing else."""
