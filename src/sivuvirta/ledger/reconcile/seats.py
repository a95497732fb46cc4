"""Where the parts of a reconciliation stand in STAN's tables: which balance is a process, which content a concentration.

A balance that is a plain sum of flows is a process: what it adds enters, what it takes leaves, a stock change of it is the stock. A balance
of a component over the same flows is that process on a layer. A flow that is an uncertain share of another one is a transfer coefficient,
one that is an exact multiple of another a relation. A flow enters and leaves one process: what would need a second one, and all else,
has no seat.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from sivuvirta.domain.reconciliations import Reconciliation
from sivuvirta.ledger.reconcile.problem import grouped, records

_AMOUNTS = ("flow", "production")
Row = Mapping[str, Any]


@frozen(eq=False)
class Seats:
    """Seats by name; what is not in them has none."""

    ends: dict[str, list[str]]  # process that a flow leaves and the one that it enters, "" for outside
    processes: dict[str, list[str]] = field(factory=dict)  # balanced ones with their layers, "" for goods
    stocks: dict[str, str] = field(factory=dict)  # quantity of the stock change of a process
    contents: dict[str, tuple[str, str]] = field(factory=dict)  # flow and component of a content
    shares: dict[str, tuple[str, str]] = field(factory=dict)  # process and flow of a factor
    relations: dict[int, tuple[str, float, str]] = field(factory=dict)  # by number of the balance
    balances: dict[int, tuple[str, str, str]] = field(factory=dict)  # process, flow and component by number of the balance
    flows: dict[str, dict[str, float]] = field(factory=dict)  # flows of a process with their sign


def seats(found: Reconciliation) -> Seats:
    """The seats of a reconciliation."""
    finder = _Finder(found)
    finder.find()
    return finder.seats


class _Finder:
    """Gives seats in the order of the balances."""

    def __init__(self, found: Reconciliation) -> None:
        self.quantities = {str(row["name"]): row for row in records(found.problem["variables"])}
        self.terms = grouped(records(found.problem["terms"]), "number")
        self.balances = [row for row in records(found.problem["balances"]) if not row["hidden"] and not row["right"]]
        self.said = grouped(records(found.statements), "name")
        self.places = {row[end] for row in self.quantities.values() for end in ("origin", "destination")} - {""}
        self.seats = Seats({name: ["", ""] for name, row in self.quantities.items() if row["kind"] in _AMOUNTS})

    def find(self) -> None:
        """Seats of processes first, then of their layers, transfers and relations; flows that stand in none stay at their site."""
        for row in self.balances:
            if not row["component"]:
                self._process(row)
        for row in self.balances:
            if row["component"]:
                self._layer(row)
        for row in self.balances:
            if row["number"] not in self.seats.balances and not row["component"]:
                self._transfer(row)
        for name, ends in self.seats.ends.items():
            row = self.quantities[name]
            bought = row["kind"] == "production" and "/purchase/" in name
            sites = ("", row["origin"]) if bought else (row["origin"], row["destination"])
            ends[:] = [end or ("" if site in ends else site) for end, site in zip(ends, sites, strict=True)]
        for row in self.balances:
            if row["number"] not in self.seats.balances and not row["component"]:
                self._relation(row)

    def _process(self, row: Row) -> None:
        terms = self.terms.get(row["number"], [])
        stocks = [term["quantity"] for term in terms if self.quantities[term["quantity"]]["kind"] == "stock"]
        flows = {term["quantity"]: term["coefficient"] for term in terms if term["quantity"] not in stocks}
        plain = all(not term["factor"] for term in terms) and all(flow in self.seats.ends for flow in flows)
        kept = all(term["coefficient"] == -1 for term in terms if term["quantity"] in stocks) and len(stocks) <= 1
        if not plain or not kept or set(stocks) & set(self.seats.stocks.values()) or len(flows) + len(stocks) < len(terms):
            return
        if self._take(row, flows):
            self.seats.processes[row["name"]] = [""]
            self.seats.balances[row["number"]] = (row["name"], "", "")
            if stocks:
                self.seats.stocks[row["name"]] = stocks[0]

    def _take(self, row: Row, flows: dict[str, float]) -> bool:
        """Seats flows at a new process; False where a flow would need a second process at one end."""
        name, ends = row["name"], self.seats.ends
        if name in self.seats.flows or not flows or (name in self.places and flows != self._at(name)):
            return False
        if any(abs(sign) != 1 or ends[flow][sign > 0] for flow, sign in flows.items()):
            return False
        for flow, sign in flows.items():
            ends[flow][sign > 0] = name
        self.seats.flows[name] = flows
        return True

    def _at(self, place: str) -> dict[str, float]:
        """Flows that enter and leave a place, with their sign."""
        found = {name: 1.0 for name in self.seats.ends if self.quantities[name]["destination"] == place}
        return found | {name: -1.0 for name in self.seats.ends if self.quantities[name]["origin"] == place}

    def _layer(self, row: Row) -> None:
        """A process on the layer of a component: the one with the same flows, or one of its own."""
        terms, component = self.terms.get(row["number"], []), row["component"]
        flows = {term["quantity"]: term["coefficient"] for term in terms}
        contents = {term["factor"]: (term["quantity"], component) for term in terms}
        taken = set(self.seats.contents.values())
        if len(flows) < len(terms) or len(contents) < len(terms) or not all(flow in self.seats.ends for flow in flows):
            return
        if not all(self._concentration(name) and seat not in taken for name, seat in contents.items()):
            return
        same = next((name for name, others in self.seats.flows.items() if others == flows and name not in self.seats.stocks), None)
        if same is not None and component in self.seats.processes[same]:
            return
        if same is None and not self._take(row, flows):
            return
        self.seats.processes.setdefault(same or row["name"], []).append(component)
        self.seats.contents.update(contents)
        self.seats.balances[row["number"]] = (same or row["name"], "", component)

    def _concentration(self, name: str) -> bool:
        """Whether a factor can stand as a concentration: 0 to 1, and in no other place."""
        return bool(name) and self.quantities[name]["kind"] == "content" and name not in self.seats.contents

    def _transfer(self, row: Row) -> None:
        """A flow that is a measured share of another one."""
        terms = self.terms.get(row["number"], [])
        if len(terms) != 2 or {term["coefficient"] for term in terms} != {1.0, -1.0}:
            return
        enters, leaves = sorted(terms, key=lambda term: -term["coefficient"])
        factor = enters["factor"]
        if not factor or leaves["factor"] or not self._share(factor):
            return
        pair = {enters["quantity"]: 1.0, leaves["quantity"]: -1.0}
        units = {self.quantities[name]["unit"] for name in pair}
        if len(pair) < 2 or len(units) > 1 or not all(name in self.seats.ends for name in pair) or not self._take(row, pair):
            return
        self.seats.shares[factor] = (row["name"], leaves["quantity"])
        self.seats.balances[row["number"]] = (row["name"], leaves["quantity"], "")

    def _share(self, name: str) -> bool:
        said = self.said.get(name, [])
        free = name not in self.seats.shares and self.quantities[name]["kind"] == "factor"
        return free and bool(said) and all(0 <= each["value"] <= 1 for each in said)

    def _relation(self, row: Row) -> None:
        """A flow that is an exact multiple of another one."""
        terms = self.terms.get(row["number"], [])
        names = [term["quantity"] for term in terms]
        if len(set(names)) != 2 or any(term["factor"] for term in terms) or not all(any(self.seats.ends.get(name, ())) for name in names):
            return
        first = next((term for term in terms if term["coefficient"] == -1), None)
        if first is None or any(first["quantity"] == each[0] for each in self.seats.relations.values()):
            return
        second = next(term for term in terms if term is not first)
        self.seats.relations[row["number"]] = (first["quantity"], second["coefficient"], second["quantity"])
