"""Tests of the published copy as a lake, with PostgreSQL and an S3 server on the loopback interface."""
