"""What rows of the tables name exists, and they do not contradict each other; every fault is told with its row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from math import hypot, isnan
from statistics import fmean
from typing import Any

from attrs import astuple, evolve, frozen

from sivuvirta.ledger.reconcile.beyond import Beyond
from sivuvirta.ledger.reconcile.cells import At, Told
from sivuvirta.ledger.reconcile.layout import GOODS, FlowRow, ProcessRow, RelationRow, TransferRow, Uncertain

_FAR = 3.0  # standard deviations by which shares may miss their whole
_ROUNDED = 1e-3  # by which printed shares may


@frozen(eq=False)
class Placed:
    """Rows of all tables with where they stand."""

    flows: Sequence[tuple[At, FlowRow]]
    processes: Sequence[tuple[At, ProcessRow]]
    transfers: Sequence[tuple[At, TransferRow]]
    relations: Sequence[tuple[At, RelationRow]]

    def ends(self) -> dict[str, At]:
        """Processes that flows touch, with the first row that says so."""
        found: dict[str, At] = {}
        for at, row in self.flows:
            for end in (row.origin, row.destination):
                if end:
                    found.setdefault(end, at)
        return found

    def layers(self) -> list[str]:
        """Layers that flows or transfer coefficients tell of."""
        told = (*(row.layer for _, row in self.flows), *(row.layer for _, row in self.transfers))
        return list(dict.fromkeys(told))


def together(processes: Sequence[tuple[At, ProcessRow]], told: Told) -> list[tuple[At, ProcessRow]]:
    """Rows of processes of which each says what all rows of its process say together: how it is balanced, on which layers, its name."""
    said: dict[str, ProcessRow] = {}
    for at, row in processes:
        first = said.setdefault(row.process, row)
        for column in ("balancing", "layers"):
            one, other = getattr(first, column), getattr(row, column)
            if one and other and one != other:
                words = [value if isinstance(value, str) else "; ".join(value) for value in (other, one)]
                message = f"'{words[0]}' for '{row.process}', of which another row says '{words[1]}'."
                told(at, column, message, "Write one of them in all its rows, or leave the others empty.")
        named = row.name if first.name == first.process else first.name
        said[row.process] = evolve(first, balancing=first.balancing or row.balancing, layers=first.layers or row.layers, name=named)
    heads = {name: (row.balancing or "yes", row.layers, row.name) for name, row in said.items()}
    return [
        (at, evolve(row, balancing=heads[row.process][0], layers=heads[row.process][1], name=heads[row.process][2]))
        for at, row in processes
    ]


def belonging(tables: Placed, beyond: Beyond, told: Told) -> None:
    """Tells every fault of rows that do not belong together.

    Args:
        tables: the rows.
        beyond: what stands beside STAN's tables.
        told: hears of them.
    """
    _amounts(tables, {row.name for row in beyond.quantities if row.lower < 0}, told)
    _twice(tables, told)
    _spellings(tables, told)
    _stocks(tables, told)
    _ends(tables.flows, told)
    _members(tables, told)
    _shared(tables, told)


def stated(tables: Placed, told: Told) -> None:
    """Something is stated."""
    known = any(row.amount.known or row.content.known for _, row in tables.flows) or any(row.share.known for _, row in tables.transfers)
    if not known:
        told(("flows", None), "mass flow", "No row states an amount.", "Write one flow a row, with its amount under 'mass flow'.")


def _amounts(tables: Placed, free: set[str], told: Told) -> None:
    """A flow goes from one process to another, and not backwards; a concentration is that of a substance."""
    for at, row in tables.flows:
        if row.origin and row.origin == row.destination:
            told(at, "to", f"Flow '{row.flow}' leaves and enters '{row.origin}'.", "Name another process, or take the row out.")
        if row.amount.known and row.amount.value < 0 and row.flow not in free:
            told(at, "mass flow", f"{row.amount.value:g} is below 0.", "Change 'from' for 'to' where it flows the other way.")
        if row.content.known and row.layer == GOODS:
            told(at, "concentration", "It is a concentration on the layer of goods.", "Name its substance under 'layer'.")


def _twice(tables: Placed, told: Told) -> None:
    """A figure that is told twice would count as two sources that agree."""
    seen: dict[tuple[Any, ...], At] = {}

    def heard(at: At, column: str, head: Sequence[Any], *figures: Uncertain, cited: Any) -> None:
        key = (at[0], *head, *(str(part) for figure in figures for part in (figure.value, figure.sd)), *astuple(cited))
        first = seen.setdefault(key, at)
        if first != at and any(figure.known for figure in figures):
            repair = "Take it out; if it is a second source, name that in the column 'source'."
            told(at, column, f"The row says the same as row {first[1]} and would count as a second source.", repair)

    for at, row in tables.flows:
        heard(at, "flow", (row.flow, row.origin, row.destination, row.layer, row.unit), row.amount, row.content, cited=row.cited)
    for at, stock in tables.processes:
        heard(at, "process", (stock.process, stock.layer), stock.change, cited=stock.cited)
    for at, transfer in tables.transfers:
        heard(at, "flow", (transfer.process, transfer.flow, transfer.layer), transfer.share, cited=transfer.cited)
    pairs: dict[tuple[str, str], tuple[At, float]] = {}
    for at, relation in tables.relations:
        first, factor = pairs.setdefault((relation.first, relation.second), (at, relation.factor))
        if first != at:
            said = "the same as" if factor == relation.factor else "otherwise than"
            told(at, "flow a", f"The row says {said} row {first[1]} of the same two flows.", "Keep one of them.")


def _spellings(tables: Placed, told: Told) -> None:
    """A flow, a process and a layer are spelled in one way."""
    flows = [(at, "flow", row.flow) for at, row in tables.flows]
    ends = [(at, column, end) for at, row in tables.flows for column, end in (("from", row.origin), ("to", row.destination)) if end]
    processes = [(at, "process", row.process) for at, row in tables.processes]
    layers = [(at, "layer", row.layer) for at, row in tables.flows]
    layers += [(at, "layer", row.layer) for at, row in tables.processes]
    layers += [(at, "layer", row.layer) for at, row in tables.transfers]
    for names in (flows, processes + ends, layers):
        spelled: dict[str, dict[str, tuple[At, str]]] = {}
        for at, column, name in names:
            spelled.setdefault(folded(name), {}).setdefault(name, (at, column))
        often = Counter(name for _, _, name in names)
        for ways in (ways for ways in spelled.values() if len(ways) > 1):
            kept = max(ways, key=lambda name: often[name])
            for name, (at, column) in ways.items():
                if name != kept:
                    told(at, column, f"'{name}' is '{kept}' in other letters, and would be another one.", f"Write '{kept}' in all rows.")


def folded(name: str) -> str:
    """A name without capitals and with single spaces."""
    return " ".join(name.replace("_", " ").casefold().split())


def _stocks(tables: Placed, told: Told) -> None:
    """A stock belongs to a process that flows touch, and to a layer that they tell of."""
    ends, layers = tables.ends(), tables.layers()
    for at, row in tables.processes:
        if row.stock and row.process not in ends:
            told(at, "process", f"No flow enters or leaves '{row.process}', whose stock is told.", nearest(row.process, ends))
        if row.stock and row.layer not in layers:
            told(at, "layer", f"No flow is on the layer '{row.layer}', whose stock is told.", nearest(row.layer, layers))
        for layer in row.layers:
            if layer not in layers:
                told(at, "layers", f"No flow is on the layer '{layer}'.", nearest(layer, layers))


def _ends(flows: Iterable[tuple[At, FlowRow]], told: Told) -> None:
    """A flow has one origin and one destination in all its rows, and at least one of them."""
    ends: dict[str, tuple[At, str, str]] = {}
    for at, row in flows:
        first, *known = ends.setdefault(row.flow, (at, row.origin, row.destination))
        if not any(known):
            ends[row.flow] = (at, row.origin, row.destination)
        elif [row.origin, row.destination] not in (known, ["", ""]):
            message = (
                f"Flow '{row.flow}' goes from {known[0] or 'outside'} to {known[1] or 'outside'} in row {first[1]} and otherwise here."
            )
            told(at, "from", message, "Give all its rows the same ends.")
    for flow, (at, origin, destination) in ends.items():
        if not origin and not destination:
            told(at, "from", f"Flow '{flow}' touches no process.", "Name the process that it leaves or enters.")


def _members(tables: Placed, told: Told) -> None:
    """What transfers and relations name exists; a transfer is of a flow that leaves the process."""
    leaves = {(row.origin, row.flow) for _, row in tables.flows}
    named = {*tables.ends(), *(row.process for _, row in tables.processes)}
    for at, row in tables.transfers:
        if row.process not in named:
            told(at, "process", f"There is no process '{row.process}'.", nearest(row.process, named))
        elif (row.process, row.flow) not in leaves:
            out = ", ".join(sorted(flow for origin, flow in leaves if origin == row.process)) or "none"
            told(at, "flow", f"'{row.flow}' does not leave '{row.process}'.", f"These do: {out}.")
    flows = {row.flow for _, row in tables.flows}
    for at, relation in tables.relations:
        for column, name in (("flow a", relation.first), ("flow b", relation.second)):
            if name not in flows:
                told(at, column, f"There is no flow '{name}'.", nearest(name, flows))
        if relation.first == relation.second:
            told(at, "flow b", f"Flow '{relation.first}' is a multiple of itself.", "Name two flows.")


def _shared(tables: Placed, told: Told) -> None:
    """Transfer coefficients of a process add up to 1 at most, and to 1 where they are those of all that leaves it."""
    shares: dict[tuple[str, str], dict[str, list[tuple[At, Uncertain]]]] = {}
    for at, row in tables.transfers:
        if row.share.known:
            shares.setdefault((row.process, row.layer), {}).setdefault(row.flow, []).append((at, row.share))
    given = {row.process: row for _, row in tables.processes}
    stocked = {row.process for _, row in tables.processes if row.stock}
    for (process, layer), flows in shares.items():
        whole = sum(fmean(share.value for _, share in each) for each in flows.values())
        spread = hypot(*(max(0.0 if isnan(share.sd) else share.sd for _, share in each) for each in flows.values()))
        leaves = {row.flow for _, row in tables.flows if row.origin == process}
        if not set(flows) <= leaves:
            continue
        closed = leaves == set(flows) and process not in stocked and (process not in given or given[process].balanced(layer))
        if whole - 1 > _FAR * spread + _ROUNDED or (closed and 1 - whole > _FAR * spread + _ROUNDED):
            at = min(at for each in flows.values() for at, _ in each)
            most = "" if closed else " at most"
            message = f"Shares of what enters '{process}' on the layer '{layer}' add up to {whole:g}."
            told(at, "transfer coefficient", message, f"They are 1{most}: change them, or write how unsure they are.")


def nearest(name: str, names: Iterable[str]) -> str:
    """What to write instead of a name that is not there."""
    known = sorted(names)
    near = get_close_matches(name, known, 1)
    return f"Write '{near[0]}' if that is meant." if near else f"There are: {', '.join(known)}."
