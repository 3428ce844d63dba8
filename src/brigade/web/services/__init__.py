"""Pages of services and what they are offered as."""
