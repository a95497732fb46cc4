"""Rows of a register as documents: what can be found, whatever table it is in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Codes, Floats, Texts
from sivuvirta.domain.region import Region
from sivuvirta.domain.search import KINDS
from sivuvirta.domain.table import Table
from sivuvirta.links.codes import Rows, picked, positions
from sivuvirta.links.quantities import quantities

Tables = Mapping[str, Table]

KEYS = {
    "streams": "stream",
    "needs": "need",
    "organisations": "organisation",
    "plants": "plant",
    "practices": "practice",
    "technologies": "technology",
    "materials": "material",
    "rules": "rule",
}
"""Column of the key by kind."""

_NAMES = {"materials": "name_en", "rules": "regulation"}
_TEXTS = {
    "practices": ("text", "parties", "place", "process", "benefits", "barriers", "lessons", "reason"),
    "technologies": ("activity", "legal_gate"),
    "rules": ("effect", "section", "jurisdiction"),
    "needs": ("use_class",),
}
_YEARLY = ("t/a", "MWh/a", "m3/a")


@frozen(eq=False)
class Documents:
    """What can be found, ordered by kind, then as in the tables. Shape (documents,) but for `also`."""

    kind: Codes  # position in KINDS
    key: Texts
    name: Texts
    text: Texts  # what else a row says of itself, None where nothing
    note: Texts
    material: Rows  # row of `materials`, -1 where none
    site: Rows  # row of `sites`, -1 where none
    zone: Rows  # row of `zones`, -1 where none
    organisation: Rows  # row of `organisations`, -1 where none
    low: Texts  # code of the List of Waste, None where none
    nace: Texts
    lat: Floats  # degrees, of practices only
    lon: Floats
    amount: Floats  # a year at the vintage shown, NaN where unknown
    unit: Texts  # "" where there is no amount
    added: Texts  # ISO date or None
    changed: Texts
    also: tuple[Rows, Rows]  # further materials: (document, row of `materials`)

    def __len__(self) -> int:
        return len(self.kind)

    def of(self, kind: str) -> slice:
        """Where the documents of a kind are."""
        code = KINDS.index(kind)
        begin, end = np.searchsorted(self.kind, [code, code + 1]).tolist()
        return slice(begin, end)


def documents(region: Region, catalogue: Tables) -> Documents:
    """Everything in a region that can be found, the library's technologies, materials and rules and the catalogue's practices too.

    Args:
        region: the register.
        catalogue: `practices` of the library, if they are wanted, with `precedents`.
    """
    parts = [_part(region, kind, _table(region, catalogue, kind)) for kind in KINDS]
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    begin = np.cumsum([0, *(len(part["key"]) for part in parts)])
    also = _also(region, catalogue.get("practices"), int(begin[KINDS.index("practices")]))
    if "precedents" in catalogue and "practices" in catalogue:
        rows = slice(int(begin[KINDS.index("practices")]), int(begin[KINDS.index("practices") + 1]))
        joined["note"][rows] = _with_precedents(joined["note"][rows], catalogue["practices"], catalogue["precedents"])
    return Documents(**joined, also=also)


def _table(region: Region, catalogue: Tables, kind: str) -> Table | None:
    return catalogue.get(kind) if kind == "practices" else region.table(kind)


def _part(region: Region, kind: str, table: Table | None) -> dict[str, Any]:
    """Columns of the documents of one kind."""
    size = 0 if table is None else len(table)

    def column(name: str) -> Any:
        return table[name] if table is not None and name in table.columns and size else np.full(size, None, dtype=object)

    sites, owners = region.table("sites"), region.table("organisations")["organisation"]
    site = positions(sites["site"], column("site"))
    named = column("organisation")
    owner = np.where(pd.isna(named), picked(sites["organisation"], site, None), named)
    nace = column("nace") if kind == "organisations" else column("donor_nace")
    nace = np.where(pd.isna(nace), picked(sites["nace"], site, None), nace)
    material = np.full(size, -1, dtype=np.int64)
    if kind != "technologies":
        material = positions(region.table("materials")["material"], [_first(each) for each in column(_material_column(kind)).tolist()])
    degrees = {end: _numbers(column(end) if kind == "practices" else None, size) for end in ("lat", "lon")}
    return {
        "kind": np.full(size, KINDS.index(kind), dtype=np.int8),
        "key": column(KEYS[kind]),
        "name": column(_NAMES.get(kind, "name")),
        "text": _together(column(name) for name in _TEXTS.get(kind, ())) if kind in _TEXTS else np.full(size, None, dtype=object),
        "note": column("note"),
        "material": material,
        "site": site,
        "zone": positions(region.table("zones")["zone"], column("zone")),
        "organisation": positions(owners, owner),
        "low": column("low_code"),
        "nace": nace,
        **degrees,
        **_amounts(region, kind, table, size),
        "added": column("added"),
        "changed": column("changed"),
    }


def _material_column(kind: str) -> str:
    return "materials" if kind == "practices" else "material"


def _first(cell: Any) -> Any:
    return cell[0] if isinstance(cell, tuple) and cell else cell


def _numbers(values: Any, size: int) -> Floats:
    return np.full(size, np.nan) if values is None or not len(values) or values.dtype == object else np.asarray(values, dtype=float)


def _together(columns: Any) -> Texts:
    """Texts of several columns, row by row, None where all are empty."""
    joined = [
        ". ".join(str(cell) for cell in cells if cell) or None for cells in zip(*(column.tolist() for column in columns), strict=True)
    ]
    return np.fromiter(joined, dtype=object, count=len(joined))


def _amounts(region: Region, kind: str, table: Table | None, size: int) -> dict[str, Any]:
    amount, unit = np.full(size, np.nan), np.full(size, "", dtype=object)
    if kind in ("streams", "needs") and table is not None and size:
        amount = quantities(region, kind).value
        materials = region.table("materials")
        unit = picked(materials["unit"], positions(materials["material"], table["material"]), "")
        if kind == "needs":
            product = positions(region.table("products")["product"], table["product"])
            unit = np.where(product < 0, unit, picked(region.table("products")["unit"], product, ""))
    if kind == "practices" and table is not None:
        stated = np.isin(table["quantity_unit"].astype(str), _YEARLY)
        amount = np.where(stated, table["quantity"], np.nan)
        unit = np.array(
            [str(each).removesuffix("/a") if yes else "" for each, yes in zip(table["quantity_unit"], stated, strict=True)], object
        )
    return {"amount": amount, "unit": np.asarray(unit, dtype=object)}


def _also(region: Region, practices: Table | None, begin: int) -> tuple[Rows, Rows]:
    """Materials of practices after the first."""
    cells = practices["materials"].tolist() if practices is not None and len(practices) else []
    pairs = [(begin + row, key) for row, cell in enumerate(cells) for key in (cell or ())[1:]]
    material = positions(region.table("materials")["material"], [key for _, key in pairs])
    document = np.array([row for row, _ in pairs], dtype=np.int64)
    return document[material >= 0], material[material >= 0]


def _with_precedents(notes: Texts, practices: Table, precedents: Table) -> Texts:
    """Notes of practices with what their published flows say."""
    said: dict[Any, list[str]] = {}
    parts = (precedents[name].tolist() for name in ("practice", "donor", "text", "receiver", "use", "treatment"))
    for practice, *texts in zip(*parts, strict=True):
        said.setdefault(practice, []).extend(str(text) for text in texts if text)
    told = [
        ". ".join([*([note] if note else []), *said.get(key, [])]) or None for key, note in zip(practices["practice"], notes, strict=True)
    ]
    return np.fromiter(told, dtype=object, count=len(told))
