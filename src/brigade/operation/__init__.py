"""Service Operation."""
