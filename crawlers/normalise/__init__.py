"""URLs, dates, encodings and text brought to one form."""
