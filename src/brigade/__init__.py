"""IT service management: the organisation and the recipes, over the same rows."""

__version__ = "0.1.0"
