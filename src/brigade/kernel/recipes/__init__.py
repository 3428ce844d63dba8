"""The language in which a practice is written down."""
