"""The history of another tool, brought in on pages: look first, then let it run."""
