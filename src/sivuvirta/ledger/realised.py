"""A ledger of what was realised, from a table of flows; and the rows of the register behind any flow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Links, NodeKind
from sivuvirta.errors import CheckError, Problem
from sivuvirta.ledger.reference import idle


def ledger_of(links: Links, flows: pd.DataFrame, name: str = "realised", status: str = "realised") -> Ledger:
    """A ledger from a table of flows.

    Args:
        links: what can flow.
        flows: columns `origin`, `destination` (labels as in a ledger's frame, "stream:slag"), `amount` (t dry, MWh or m3 a year);
            `material` where two arcs join the same ends, and `grade` if it is known (D without one).
        name: of the ledger.
        status: of the ledger, for example observed or realised.

    Raises:
        CheckError: flows that no arc can carry, or that more than one could; all of them.
    """
    ends = _arcs_by_ends(links)
    problems: list[Problem] = []
    arc, amount, grade = [], [], []
    for number, row in enumerate(flows.to_dict("records"), 2):
        found = [each for each in ends.get((row["origin"], row["destination"]), []) if _fits(links, each, row.get("material"))]
        if len(found) != 1:
            problems.append(_fault(number, row, len(found)))
            continue
        arc.append(found[0])
        amount.append(float(row["amount"]))
        known = row.get("grade")
        grade.append(int(Grade[known]) if isinstance(known, str) and known in Grade.__members__ else int(Grade.D))
    if problems:
        raise CheckError(problems)
    codes = np.array(grade, dtype=np.int8)
    return Ledger(
        links=links,
        name=name,
        status=status,
        arc=np.array(arc, dtype=np.int32),
        amount=np.array(amount, dtype=np.float64),
        verdict=np.full(len(arc), -1, dtype=np.int8),
        grade=codes,
        operations=idle(links),
        evidence=codes,
    )


def _arcs_by_ends(links: Links) -> dict[tuple[str, str], list[int]]:
    ends: dict[tuple[str, str], list[int]] = {}
    label = [links.nodes.label(row) for row in range(len(links.nodes.id))]
    for arc, (origin, destination) in enumerate(zip(links.arcs.origin.tolist(), links.arcs.destination.tolist(), strict=True)):
        ends.setdefault((label[origin], label[destination]), []).append(arc)
    return ends


def _fits(links: Links, arc: int, material: Any) -> bool:
    return not isinstance(material, str) or links.materials[links.arcs.material[arc]] == material


def _fault(number: int, row: dict[Any, Any], found: int) -> Problem:
    many = f"{found} arcs join" if found else "No arc joins"
    repair = "Name the material too." if found else "Use the labels of a ledger's frame, such as 'stream:slag' and 'need:road'."
    message = f"{many} '{row['origin']}' and '{row['destination']}'."
    return Problem(file="flows", rule="no_arc", row=number, column="origin", message=message, repair=repair)


_TABLES = {
    NodeKind.STREAM: ("quantities", "subject"),
    NodeKind.NEED: ("quantities", "subject"),
    NodeKind.FATE: ("fates", "fate"),
    NodeKind.PLANT: ("plants", "plant"),
    NodeKind.PRODUCT: ("prices", "subject"),
}


def rows_behind(links: Links, arcs: Iterable[int]) -> pd.DataFrame:
    """The rows of the register that made flows on some arcs.

    Args:
        links: the arcs.
        arcs: rows of `links.arcs`, as a cell keeps them.

    Returns:
        Columns table, row (its number in the region's table, 0 the first), key, says (the figure, as text), grade, source, citation;
        each row once, in the order of the tables.
    """
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for arc in arcs:
        for table, row in _of_arc(links, int(arc)):
            found.setdefault((table, row), _told(links, table, row))
    order = sorted(found)
    return pd.DataFrame([found[key] for key in order], columns=["table", "row", "key", "says", "grade", "source", "citation"])


def _of_arc(links: Links, arc: int) -> Iterator[tuple[str, int]]:
    """Table and row number of each row behind an arc."""
    region, arcs, nodes = links.region, links.arcs, links.nodes
    for node in (int(arcs.origin[arc]), int(arcs.destination[arc])):
        table, column = _TABLES[NodeKind(int(nodes.kind[node]))]
        columns = region.table(table)
        hit = columns[column] == nodes.id[node]
        if table == "quantities":
            kind = "streams" if nodes.kind[node] == NodeKind.STREAM else "needs"
            hit = hit & (columns["table"] == kind) & (columns["vintage"] == region.vintage)
        yield from ((table, int(row)) for row in np.flatnonzero(hit))
    if arcs.acceptance[arc] >= 0:
        yield "acceptances", int(arcs.acceptance[arc])
    if arcs.capacity_group[arc] >= 0:
        yield "links", int(arcs.capacity_group[arc])


_SAYS = {"quantities": "value", "fates": "share", "plants": "capacity", "prices": "value", "acceptances": "ratio", "links": "capacity"}


def _told(links: Links, table: str, row: int) -> dict[str, Any]:
    columns = links.region.table(table)
    sources = links.region.table("sources")
    figure, source = columns[_SAYS[table]][row], columns["source"][row]
    key = columns.row_keys()[row]
    known = source in sources.index
    return {
        "table": table,
        "row": row,
        "key": "/".join(str(part) for part in key if part is not None) if isinstance(key, tuple) else str(key),
        "says": "" if figure is None or figure != figure else f"{_SAYS[table]} {figure:g}",  # noqa: PLR0124 - NaN
        "grade": columns["grade"][row] if "grade" in columns.columns else "",
        "source": source or "",
        "citation": sources["citation"][sources.index[source]] if known else "",
    }
