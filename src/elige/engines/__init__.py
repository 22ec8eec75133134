"""Loaded models: torch, remote, echo."""
