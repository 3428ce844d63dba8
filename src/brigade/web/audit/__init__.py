"""The audit: who changed what, and the proof that nobody changed what is written."""
