"""Decisions asked of people: who sits, what they vote, and when it is certain."""
