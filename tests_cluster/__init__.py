"""Tests with the servers of a cluster; `make test-cluster` runs them."""
