"""Made-up worlds that tests read: rows built by hand, and stories in them."""
