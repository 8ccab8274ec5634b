"""How well the models do on labelled files."""
