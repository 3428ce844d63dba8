"""Improvements: what is made better, from where to where, and whether it got there."""
