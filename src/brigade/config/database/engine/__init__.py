"""Django's engine for PostgreSQL, with prepared statements and a cheap look at the line."""
