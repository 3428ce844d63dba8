"""Decisions: what is asked, who votes, what was decided, and how long it took."""
