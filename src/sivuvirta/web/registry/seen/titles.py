"""Titles: what rows are called to a viewer: by their name, or, where a table has none, by what they say, as far as it is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _

from sivuvirta.tables.schema import TableSchema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.models import Register
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.seen.names import called
from sivuvirta.web.registry.seen.showing import Cell, lines

_TOLD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "quantities": ("vintage", "period", "subject", "value"),
        "statements": ("vintage", "subject", "value", "unit"),
        "balances": ("title", "side", "subject"),
        "stocks": ("stream", "plant", "site", "capacity"),
        "analyses": ("stream", "component", "kind", "sample", "sampled", "value"),
        "limits": ("regulation", "section", "use_class", "need", "component", "value", "unit"),
        "rules": ("regulation", "section", "subject", "use_class", "material"),
        "legal_paths": ("regulation", "section", "kind", "material"),
        "permits": ("organisation", "site", "number"),
        "circularity": ("subject", "quantity", "of", "year"),
        "exchanges": ("donor", "receiver", "stream", "text", "material", "year"),
        "contracts": ("origin", "destination", "from", "to"),
        "claims": ("programme", "stream", "indicator", "year"),
        "roads": ("number", "from_place", "to_place"),
    }
)
"""Columns that tell a row of a table without names; of other such tables those of its key do."""

_WAYS = MappingProxyType({"receiver": "donor", "destination": "origin", "to_place": "from_place"})
"""Columns to which something goes, with those that it comes from."""

_PLAIN = frozenset({"vintage"})  # told by their key, which is the shorter: a year


def told_by(table: TableSchema) -> tuple[str, ...]:
    """The columns of which the title of a row is made."""
    name = called(table)
    return (name,) if name not in table.key else _TOLD.get(table.name, table.key)


def titles(register: Register, rows: Iterable[Row], viewer: Viewer, known: Collection[str] = ()) -> list[str]:
    """What rows of one table are called to a viewer, in their order. A constant number of queries, and none where the table has names.

    Args:
        register: that they stand in.
        rows: of one table.
        viewer: who reads.
        known: columns that the reader knows, such as the row on whose page they stand: left out where others tell the row.
    """
    page = list(rows)
    if not page:
        return []
    columns = told_by(page[0].schema)
    columns = tuple(name for name in columns if name not in known) or columns
    found = lines(register, page, columns, viewer)
    return [title(line.row, dict(zip(columns, line.cells, strict=True))) for line in found]


def title(row: Row, cells: Mapping[str, Cell]) -> str:
    """What a row is called, of its cells as a viewer is shown them; its key where none of them tells anything.

    What stays hidden from the viewer has no part in it.
    """
    parts: dict[str, str] = {}
    for name in told_by(row.schema):
        text = _told(name, cells.get(name))
        start = _WAYS.get(name, "")
        if text and start in parts:
            parts[start] = f"{parts[start]} → {text}"
        elif text and text not in parts.values():
            parts[name] = text
    return " · ".join(parts.values()) or str(row.row_key)


def _told(name: str, cell: Cell | None) -> str:
    if cell is None or cell.hidden:
        return ""
    text = cell.full or cell.text if name in _PLAIN else cell.text
    if name == "sample" and text:
        return _("sample %(name)s") % {"name": text}
    return f"{text}\N{NO-BREAK SPACE}{cell.unit}" if text and cell.unit else text
