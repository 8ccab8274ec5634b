"""Training of the stance model."""
