"""Places to write to: tried while the command line is read, so that no work is done for what cannot be written."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

_REPAIR = "Give a place where you may write."


class Place(click.Path):
    """A file or folder that will be written. That it can be is tried at once, and leaves no trace; parents are made when it is written."""

    def __init__(self, *, folder: bool, endings: Sequence[str] = ()) -> None:
        super().__init__(file_okay=not folder, dir_okay=folder, path_type=Path)
        self.folder, self.endings = folder, tuple(endings)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path, or a usage error that says why nothing can be written there."""
        path = Path(value)
        if self.endings and path.suffix.lower() not in self.endings:
            self.fail(f"'{path.name}' must end in one of: {', '.join(self.endings)}.", param, ctx)
        if self.folder and path.exists() and not path.is_dir():
            self.fail(f"'{path}' is a file, not a folder. Give another name.", param, ctx)
        if not self.folder and path.is_dir():
            self.fail(f"'{path}' is a folder, not a file. Give the name of a file in it.", param, ctx)
        try:
            _tried(path if self.folder else path.parent)
        except OSError as error:
            self.fail(f"Nothing can be written to '{path}': {_reason(path, error)}. {_REPAIR}", param, ctx)
        return path


def _tried(folder: Path) -> None:
    """Makes a folder with its parents, and a file in it, and removes what it has made.

    Raises:
        OSError: one of them cannot be made.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    made: list[Path] = []
    try:
        for each in reversed(missing):
            each.mkdir()
            made.append(each)
        with tempfile.TemporaryFile(dir=folder):
            pass
    finally:
        for each in reversed(made):
            each.rmdir()


def _reason(path: Path, error: OSError) -> str:
    for each in path.parents:
        if each.exists():
            return f"'{each}' is a file, not a folder" if not each.is_dir() else _said(each, error)
    return str(error.strerror)


def _said(folder: Path, error: OSError) -> str:
    words = "you may not write" if isinstance(error, PermissionError) else str(error.strerror or error).lower()
    return f"in '{folder}': {words}"
