"""REST for programs."""
