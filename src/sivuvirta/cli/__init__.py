"""The command line: one file a command, each parses, calls the API and prints.

Rooms by what is asked: `register` (data and their sources), `find` (who can use what), `design` (networks), `measure` (ledgers and
benefits), `present` (report, pictures, the main job) and `platform`; what they share is `common`.
"""

from sivuvirta.cli.commands import main

__all__ = ["main"]
