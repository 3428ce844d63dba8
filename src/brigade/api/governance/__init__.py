"""Routes of governance."""
