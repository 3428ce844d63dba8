"""What leaves: every message, why one was not sent, and sending it again."""
