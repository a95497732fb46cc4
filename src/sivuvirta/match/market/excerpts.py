"""Excerpts: small regions of one stream and a few needs, judged by the same functions as the whole, in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import evolve

from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.errors import OptionError
from sivuvirta.links.codes import Rows
from sivuvirta.links.evidence import evidence
from sivuvirta.links.register import flowing_as, register
from sivuvirta.match.grounds import grounds
from sivuvirta.match.market.donors import donors
from sivuvirta.match.market.market import Market
from sivuvirta.match.market.receivers import Receivers
from sivuvirta.tables.cells import boolean
from sivuvirta.tables.schema import ColumnSchema, schema


def with_stream(market: Market, stream: str, analyses: Iterable[Mapping[str, Any]] | None = None, **columns: Any) -> Market:
    """The market with one stream changed; everything else is kept, so that it is matched again in milliseconds.

    Args:
        market: the prepared register.
        stream: id of the stream.
        analyses: all of its analyses from now on, a row each by column, in canonical units; without it they stay as they are.
        columns: cells of its row of table `streams` that change, for example `site="north"` or `legal_status="product"`.

    Returns:
        A market whose `screen(market, streams=[stream])` judges the stream as it is now. It remembers earlier changes.

    Raises:
        UnknownNameError: there is no such stream.
        OptionError: a column, a site, a material or a component does not exist.
    """
    row, (before, measured) = market.row(stream), own(market, stream)
    after = evolved(before, columns)
    if analyses is not None:
        measured = typed_rows("analyses", [{"stream": stream, **each} for each in analyses])
    _exists(market.region, after, measured)
    line = int(market.receivers.lines.of_material[market.register.tree.find(after["material"])[0]])
    kinds = market.receivers.kinds_of_line[line] if line >= 0 else np.zeros(0, dtype=np.int64)
    small = excerpt(market.region, (after, measured), market.receivers.shown_need[kinds], market.receivers.shown_acceptance[kinds])
    small = replaced(small, limits=small.table("limits").take(np.zeros(0, dtype=np.int64)))
    known = flowing_as(register(small), market.register, np.array([row]))
    judged_by = grounds(known.links)
    figures = evidence(small, after["stream"], market.grounds.demanded.figures)
    found = donors(known, judged_by, figures, _shown(market.receivers, kinds), market.radius_km)
    return evolve(market, changed={**market.changed, stream: (evolve(found, row=np.array([row])), small)})


def excerpt(region: Region, stream: tuple[Table, Table], needs: Rows, acceptances: Rows) -> Region:
    """One stream, as a row of `streams` and its `analyses`, with some needs and acceptances and the places of all of them."""
    row, measured = stream
    table = region.table("needs").take(needs)
    sites, places, zones = region.table("sites"), region.table("places"), region.table("zones")
    named = [*row["site"].tolist(), *table["site"].tolist()]
    sites = sites.take(np.array(sorted({sites.index[name] for name in named if name in sites.index}), dtype=np.int64))
    at = [*sites["place"].tolist(), *zones["place"].tolist()]
    places = places.take(np.array(sorted({places.index[name] for name in at if name in places.index}), dtype=np.int64))
    quantities = region.table("quantities")
    return replaced(
        evolve(region, tables={name: region.table(name) for name in {**region.tables, **region.library}}, library={}),
        streams=row,
        analyses=measured,
        needs=table,
        acceptances=region.table("acceptances").take(acceptances),
        sites=sites,
        places=places,
        quantities=quantities.take(np.zeros(0, dtype=np.int64)),
    )


def evolved(row: Table, columns: Mapping[str, Any]) -> Table:
    """A row with some cells changed."""
    _known_columns(row.name, columns)
    cells = {name: schema()[row.name].columns[name].nothing(1) for name in columns}
    for name, cell in columns.items():
        if cell is not None:
            cells[name][0] = cell
    return Table(row.name, row.key, {**row.columns, **cells})


def typed_rows(name: str, rows: list[dict[str, Any]]) -> Table:
    """A table from rows in canonical units; what a row leaves out has the column's default, or is unknown."""
    spec = schema()[name]
    _known_columns(name, {key for row in rows for key in row})
    columns = {key: column.nothing(len(rows)) for key, column in spec.columns.items()}
    for at, row in enumerate(rows):
        for key, column in spec.columns.items():
            cell = row.get(key)
            cell = _default(column) if cell is None else cell
            if cell is not None:
                columns[key][at] = cell
    return Table(name, spec.key, columns)


def _default(column: ColumnSchema) -> object:
    if column.default is None:
        return None
    return boolean(column.default) if column.type == "boolean" else column.default


def _known_columns(name: str, columns: Iterable[str]) -> None:
    strange = sorted(set(columns) - set(schema()[name].columns))
    if strange:
        raise OptionError(f"Table '{name}' has no column {', '.join(strange)}. It has: {', '.join(schema()[name].columns)}.")


def _exists(region: Region, row: Table, measured: Table) -> None:
    """Nothing, if what the rows refer to is in the region."""
    asked = [("sites", row["site"]), ("materials", row["material"]), ("components", measured["component"])]
    named = [(name, key) for name, keys in asked for key in dict.fromkeys(keys.tolist()) if key is not None]
    gone = [f"{name.removesuffix('s')} '{key}'" for name, key in named if key not in region.table(name).index]
    if gone:
        raise OptionError(f"The region has no {', no '.join(gone)}. Add the row first, or name one that is there.")


def own(market: Market, stream: str) -> tuple[Table, Table]:
    """Row of `streams` and `analyses` of a stream as it is now."""
    if stream in market.changed:
        small = market.changed[stream][1]
        return small.table("streams"), small.table("analyses")
    row = market.row(stream)
    measured = market.analyses.member[market.analyses.start[row] : market.analyses.start[row + 1]]
    return market.region.table("streams").take(np.array([row])), market.region.table("analyses").take(measured)


def _shown(side: Receivers, kinds: Rows) -> Receivers:
    """The receivers, whose shown members are rows of an excerpt that has them alone."""
    shown = np.zeros(len(side.shown_need), dtype=np.int64)
    shown[kinds] = np.arange(len(kinds))
    return evolve(side, shown_need=shown, shown_acceptance=shown)


def replaced(region: Region, **tables: Table) -> Region:
    """The region with some tables replaced."""
    return evolve(region, tables={**region.tables, **tables})
