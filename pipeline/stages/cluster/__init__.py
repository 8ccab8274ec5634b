"""Cluster: which mentions make the same claim."""
