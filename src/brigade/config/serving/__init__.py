"""`brigade serve`: one process that keeps database, web and workers running."""
