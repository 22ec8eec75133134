"""Opens a model reference or a candidate."""
