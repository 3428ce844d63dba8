"""The frame that every page stands in: navigation, errors, sign-in, language and zone."""
