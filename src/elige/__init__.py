"""Choose an open language model by evidence, use it, and make it your own."""
