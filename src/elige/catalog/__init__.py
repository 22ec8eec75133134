"""What is known of each model, with sources."""
