"""Pages of governance: who decides what, and what waits for a decision."""
