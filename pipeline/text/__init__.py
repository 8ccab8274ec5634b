"""Text as text: shown safely, compared, cut, named; knows no store."""
