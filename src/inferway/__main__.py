"""`python -m inferway`: the command."""

from inferway.cli import main

main()
