"""Continual improvement: what is made better, and whether it got better."""
