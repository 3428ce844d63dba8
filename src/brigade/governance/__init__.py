"""Governance: who may decide what, and what was decided."""
