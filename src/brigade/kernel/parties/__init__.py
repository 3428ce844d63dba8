"""People, teams, organisations, roles in a scope."""
