"""The identity of a service and an offering."""
