"""From a web page to an article's text, title, author and date."""
