"""How fast Brigade is: measured, with the database's own limit beside it.

`bin/bench --records 10000 --json` measures; docs/guides/measuring.md explains.
"""
