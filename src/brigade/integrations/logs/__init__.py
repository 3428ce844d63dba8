"""State logs of other tools, imported with a map."""
