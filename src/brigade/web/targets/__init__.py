"""Pages of targets: what is promised, how it is worded, and what a change would move."""
