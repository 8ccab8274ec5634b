"""A run: the order of the stages, and looking again at documents."""
