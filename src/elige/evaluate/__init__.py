"""Tasks, data, prompts, scorers, and the runner."""
