"""Pages of people, teams, organisations and rights."""
