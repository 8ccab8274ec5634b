"""The demo web: invented sites on a loopback proxy, for the demo and the end-to-end tests."""
