"""Bundled regions: data packages that ship with the software. Nothing is read here; the tables room reads them."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from sivuvirta.errors import UnknownNameError

_ROOT = Path(__file__).parent


def names() -> tuple[str, ...]:
    """Names of the bundled regions, in alphabetical order."""
    return tuple(sorted(_packages()))


def path(name: str) -> Path:
    """Folder of a bundled region.

    Raises:
        UnknownNameError: no bundled region has that name; the message lists those that there are.
    """
    packages = _packages()
    if name not in packages:
        near = get_close_matches(name, packages, n=1)
        repair = f" Did you mean '{near[0]}'?" if near else ""
        raise UnknownNameError(f"There is no bundled region '{name}'.{repair} There are: {', '.join(names())}.")
    return packages[name]


def _packages() -> dict[str, Path]:
    return {file.parent.name: file.parent for file in _ROOT.rglob("datapackage.json")}
