"""What a run changed, as digest, mail, webhook and feed."""
