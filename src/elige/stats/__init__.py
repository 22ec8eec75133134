"""Confidence sequences, e-processes, paired tests, intervals: arithmetic only."""
