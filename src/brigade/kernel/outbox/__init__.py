"""What leaves: mail, webhooks, notices."""
