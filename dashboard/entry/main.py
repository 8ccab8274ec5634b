"""The script that Streamlit runs, once for each thing that a reader does.

It has a folder of its own: beside a folder named `pages`, Streamlit takes every module there for a script and runs it
without the main one (its older scheme of several pages) until `st.navigation` is called.
"""

from dashboard.app import main

main()
