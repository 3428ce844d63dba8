"""Backups: the whole installation as one file, and an empty home filled from it.

A backup is a tar of `database.dump` (pg_dump's custom format), the folder
`files/` and, last, `manifest.json` with the version, the migrations and the
sha256 of everything. Left out: sessions, and the secret key, which signs
nothing but sessions and links; the restored installation makes a new one.
"""
