"""A model made one's own, with its proof."""
