"""What an editor does on a page."""
