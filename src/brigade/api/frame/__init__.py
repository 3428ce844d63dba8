"""What every route stands in: who calls, how a no is said, how an answer is made."""
