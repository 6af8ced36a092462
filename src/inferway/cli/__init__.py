"""The `inferway` command: one module per command, loaded only when it is called."""

from inferway.cli.program import main

__all__ = ["main"]
