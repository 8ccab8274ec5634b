"""Judge: where each claim stands, since when, by which rule, and why."""
