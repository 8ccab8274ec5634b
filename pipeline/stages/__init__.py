"""The stages of a run, one package or module each; none knows another."""
