"""Working time: when it is open, how long it was open, when so much of it has passed."""
