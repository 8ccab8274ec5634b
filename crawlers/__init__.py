"""Collects documents from the network and from files into the inbox and the archive."""
