"""What a changed recipe would have done: the past replayed through it, and one record tried."""
