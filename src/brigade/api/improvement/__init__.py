"""Routes of improvement."""
