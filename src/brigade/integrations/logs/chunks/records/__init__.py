"""What a case comes to: the columns of its record."""
