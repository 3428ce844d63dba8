"""Routes that every kind of record shares."""
