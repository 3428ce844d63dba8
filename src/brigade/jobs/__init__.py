"""What runs later: jobs, the clock's own work, and the loop that empties the outbox."""
