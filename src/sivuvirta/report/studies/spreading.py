"""What ranges rest on: a figure on what it is made of, a bar on the rows that are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import evolve

from sivuvirta.domain.indicators import Indicators
from sivuvirta.domain.ranges import Ranges
from sivuvirta.report.following.basis import Basis, basis_of, united
from sivuvirta.report.following.legs import Legs
from sivuvirta.report.studies.feeding import indicated
from sivuvirta.report.studies.resting import drawn
from sivuvirta.report.tables import records

_STATES = {"reference": "today"}
_NAMED = ("circularity", "content", "distance", "ratio")  # kinds of input whose row is named by table and key
_ALL = ("total", "virgin")  # keys of sums over all rows of their table


def told_by_row(found: Ranges) -> Mapping[str, Basis]:
    """The rows of the register that are drawn together, by the text that names them among the inputs."""
    legs, by_name = Legs.of(found.links), {one.name: one for one in found.inputs}
    bases: dict[str, Basis] = {}
    for row in records(found.sources):
        stated = basis_of({**row, "row": str(row["row"]).replace(",", "/")})
        named = row["kind"] in _NAMED or row["input"] not in by_name
        own = stated if named else evolve(stated, rows=drawn(legs, by_name[row["input"]]).rows)
        bases[str(row["row"])] = united([bases[str(row["row"])], own]) if str(row["row"]) in bases else own
    return bases


def ranged(found: Ranges, known: Indicators | None = None) -> list[Basis]:
    """What each figure rests on: a figure of the assessment, or the rows that it is counted from; with what is not known of it.

    Args:
        found: the ranges.
        known: indicators of the same plan, whose inputs are told.
    """
    inputs = {} if known is None else {(_key(each.indicator, each.level, each.subject), each.state): each for each in known.items}
    vintage, sums = found.links.region.vintage, _summed(found)

    def circular(row: dict[str, Any]) -> Basis:
        state = _STATES.get(row["network"], row["network"])
        each = inputs.get((row["row"], state)) or inputs.get((row["row"], "today"))
        return Basis() if each is None else indicated(each)

    def diverted(row: dict[str, Any]) -> Basis:
        streams = sums[row["network"], "diverted"] if row["row"] in _ALL else (row["row"],)
        return Basis(rows=tuple(("quantities", f"streams/{key}/{vintage}") for key in streams))

    def products(row: dict[str, Any]) -> Basis:
        if row["row"] in _ALL:
            return Basis(figures=tuple(f"products/{key}/bought" for key in found.links.region.table("products")["product"].tolist()))
        product, _, role = row["row"].partition(" ")
        return Basis(figures=(f"products/{product}/{role}",))

    def jobs(_: dict[str, Any]) -> Basis:
        links = found.links
        return Basis(rows=tuple(("plants", str(links.nodes.id[node])) for node in links.works.node.tolist()))

    by_table: Mapping[str, Callable[[dict[str, Any]], Basis]] = {
        "circularity": circular,
        "diverted": diverted,
        "products": products,
        "jobs": jobs,
        "transport": lambda _: Basis(figures=("transport/tonne-kilometres", "transport/loaded trips")),
    }
    bases = []
    for row in records(found.figures):
        said = basis_of(row)
        own = by_table[row["table"]](row) if row["table"] in by_table else said
        if row["row"] == "used_today":
            own = Basis(figures=("headline/could_be_used",))
        bases.append(own if own.missing else evolve(own, missing=said.missing))
    return bases


def _summed(found: Ranges) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Rows of each table but its sums, by network."""
    parts = found.figures[~found.figures["row"].isin(_ALL)].groupby(["network", "table"], sort=False)["row"]
    sums = {(str(network), str(table)): tuple(map(str, rows)) for (network, table), rows in parts}
    return {(name, table): sums.get((name, table), ()) for name in dict.fromkeys(found.figures["network"]) for table in ("diverted",)}


def _key(indicator: str, level: str, subject: str) -> str:
    """An indicator as ranges name it."""
    return f"{indicator}/{level}" if not subject else f"{indicator}/{level}/{subject}"
