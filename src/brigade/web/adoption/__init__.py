"""Pages of adoption: which practices are chosen here and why, and what a small team relaxes."""
