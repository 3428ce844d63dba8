"""Targets, and the clocks running on a record: segments, due, breach."""
