"""Incident management."""
