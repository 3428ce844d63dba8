"""The settings of the installation: one page, a list at its side."""
