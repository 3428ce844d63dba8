"""What every practice needs; it knows none of them."""
