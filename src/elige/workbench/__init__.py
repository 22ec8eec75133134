"""The verbs, wired once."""
