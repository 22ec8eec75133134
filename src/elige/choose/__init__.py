"""The race, the verdict, the report."""
