"""Recipes as pages: the library and what has been adopted from it, read only."""
