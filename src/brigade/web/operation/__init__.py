"""Pages of service operation."""
