"""`python -m brigade.config.cli`: the command where its script is not on the path."""

from brigade.config.cli.frame import main

main()
