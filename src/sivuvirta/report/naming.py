"""Naming: keys of a register in a sentence of the engine, read as the names of what they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sivuvirta.domain.region import Region

_NAMED = ("streams", "plants", "needs", "sites", "products", "technologies")
_LISTED = re.compile(r"(?<=[:,] )[a-z0-9_.]+(?=,|\.?$| and \d+ more)")
_QUOTED = re.compile(r"'([a-z0-9_.]+)'")


def names(region: Region) -> dict[str, str]:
    """The name of each key of a region's tables; of a stock that of its stream."""
    found: dict[str, str] = {}
    for table in (*_NAMED, "materials"):
        rows, column = region.table(table), "name_en" if table == "materials" else "name"
        for key, at in rows.index.items():
            found.setdefault(str(key), str(rows[column][at]))
    for row in region.table("stocks").rows():
        found.setdefault(str(row["stock"]), found.get(str(row["stream"]), str(row["stock"])))
    return found


def spoken(names: Mapping[str, str], text: str) -> str:
    """A sentence in which keys that are listed or quoted are names; one that no table has stays as it is.

    >>> spoken({"slag_mill": "Slag mill"}, "No variable cost is known: slag_mill, slag_mill.fines.")
    'No variable cost is known: Slag mill, Slag mill (fines).'
    >>> spoken({"slag_mill": "Slag mill"}, "The share at 'slag_mill' allows it.")
    'The share at “Slag mill” allows it.'
    """
    text = _LISTED.sub(lambda found: _name(names, found[0]) or found[0], text)
    return _QUOTED.sub(lambda found: f"“{name}”" if (name := _name(names, found[1])) else found[0], text)


def _name(names: Mapping[str, str], key: str) -> str:
    """The name of a key, or of what stands before its last stop with the rest in brackets; empty where there is none."""
    bare = key.rstrip(".")
    if bare in names:
        return names[bare] + key[len(bare) :]
    owner, _, part = bare.rpartition(".")
    return f"{names[owner]} ({part.replace('_', ' ')}){key[len(bare) :]}" if owner in names else ""
