"""The first-run setup: six questions, and a first administrator to answer them."""
