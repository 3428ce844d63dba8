"""Mail out, and later in."""
