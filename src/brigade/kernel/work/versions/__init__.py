"""Versions of a recipe that records run: who runs which, moving them to another, archiving."""
