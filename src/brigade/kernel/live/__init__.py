"""What changes while somebody looks: news on a channel, passes to hear it, who else is there."""
