"""The verbs: open, move, set, say, assign, link, attach."""
