"""What this computer is, and what fits on it."""
