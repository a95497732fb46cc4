"""The command line: one file a command, each parses, calls the API and prints."""

from sivuvirta.cli.commands import main

__all__ = ["main"]
