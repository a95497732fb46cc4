"""What rows of a study rest on: links, plants and networks with their rows, a figure under scenarios or draws with those that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from sivuvirta.assess.sources.book import key_of
from sivuvirta.assess.sources.register import Register
from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import NodeKind
from sivuvirta.domain.region import Region
from sivuvirta.domain.shocks import Shock, Shocks
from sivuvirta.futures.removals import EXCHANGES
from sivuvirta.report.following.basis import NOTHING, Basis
from sivuvirta.report.following.legs import Found, Keys, Legs

_TABLES = {"stream": "streams", "need": "needs", "plant": "plants", "site": "sites", "organisation": "organisations"}
_OWN = ("stream", "need", "plant", "organisation")  # of which the assessment has a figure


def shocked(found: Shocks) -> dict[str, Basis]:
    """What each shock rests on by "subject:id": rows and figures of what is gone."""
    region = found.network.ledger.links.region
    return {f"{one.subject}:{one.id}": _gone(one, region) for one in found.shocks}


def _gone(one: Shock, region: Region) -> Basis:
    if one.subject not in (*_TABLES, "link"):
        return NOTHING
    ids = [part.strip() for part in one.id.split(">")] if one.subject == "link" else [one.id]
    kinds = _TABLES if one.subject == "link" else {one.subject: _TABLES[one.subject]}
    held = [(kind, key) for key in ids for kind, table in kinds.items() if key in region.table(table).index]
    rows = [(_TABLES[kind], key) for kind, key in held]
    rows += [("quantities", f"{_TABLES[kind]}/{key}/{region.vintage}") for kind, key in held if kind in ("stream", "need")]
    return Basis(rows=tuple(rows), figures=tuple(f"{_TABLES[kind]}/{key}" for kind, key in held if kind in _OWN))


def overlaid(region: Region, scenarios: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Rows of the region's own scenarios that are asked for, alone or joined by " + ", as table and key."""
    if "scenarios" not in region.tables:
        return ()
    table, asked = region.table("scenarios"), {part for name in scenarios for part in name.split(" + ")}
    return tuple(("scenarios", key_of(table, at)) for at in range(len(table)) if table["scenario"][at] in asked)


def moved(legs: Legs, kind: str, row: int) -> Basis:
    """A link or plant with the rows of its amount, money and emission.

    Args:
        legs: where its rows are found.
        kind: link | plant.
        row: of links.arcs or of links.works, -1 for none.
    """
    if row < 0:
        return NOTHING
    return Basis(rows=legs.worth([row]) if kind == "link" else legs.plants([row]))


def exchanged(legs: Legs, ledger: Ledger) -> Basis:
    """A network: its exchanges and the plants that run in it, which is what it does otherwise than today."""
    works = np.flatnonzero((ledger.operations.activity > 0) | ledger.operations.built).tolist()
    return _together(legs.worth(_exchanges(ledger).tolist()), legs.plants(works))


def owned(legs: Legs, ledger: Ledger, kind: str, key: str) -> Basis:
    """What an organisation or site has part in: its own row, the exchanges that begin or end with it, its plants.

    Args:
        legs: where rows are found.
        ledger: the network.
        kind: organisation | site.
        key: its id.
    """
    links, arcs = ledger.links, _exchanges(ledger)
    of = getattr(links.nodes, kind) == key
    touched = arcs[of[links.arcs.origin[arcs]] | of[links.arcs.destination[arcs]]]
    runs = (ledger.operations.activity > 0) & of[links.works.node]
    row = ((_TABLES[kind], key),)
    return _together(row, legs.worth(touched.tolist()), legs.plants(np.flatnonzero(runs).tolist()))


def built(legs: Legs, ids: Iterable[str]) -> Basis:
    """A set of plants by id; what is no plant is left out."""
    place = {str(key): work for work, key in enumerate(legs.register.links.nodes.id[legs.register.links.works.node])}
    return Basis(rows=legs.plants(place[key] for key in ids if key in place))


def joined(legs: Legs) -> Callable[[str, str], Basis]:
    """A link by the labels of its two ends, such as "stream:ash", over whichever way it goes."""
    links = legs.register.links
    nodes, arcs = links.nodes, links.arcs
    found: dict[tuple[str, str], list[int]] = {}
    for arc, ends in enumerate(zip(arcs.origin.tolist(), arcs.destination.tolist(), strict=True)):
        found.setdefault((nodes.label(ends[0]), nodes.label(ends[1])), []).append(arc)
    return lambda origin, destination: Basis(rows=legs.worth(found.get((origin, destination), ())))


def _exchanges(ledger: Ledger) -> np.ndarray:
    return ledger.arc[np.isin(ledger.links.arcs.kind[ledger.arc], EXCHANGES) & (ledger.amount > 0)]


def _together(*parts: Keys) -> Basis:
    return Basis(rows=tuple(dict.fromkeys(row for part in parts for row in part)))


def drawn(legs: Legs, one: Input) -> Basis:
    """The rows of the register that a figure comes from that is drawn."""
    if one.kind == "content":
        stream, component, *_ = one.key.split(",")
        return Basis(rows=legs.keys(legs.register.rows("analyses", (stream, component), "stream", "component")))
    return Basis(rows=legs.keys(_DRAWN.get(one.kind, _end)(legs.register, one.key)))


def _amount(kind: NodeKind) -> Callable[[Register, str], Found]:
    return lambda register, key: register.amount(register.links.nodes.find(kind, key))


def _end(register: Register, key: str) -> Found:
    """An outlet, or a need with its acceptances: what is paid, earned or emitted where something arrives."""
    for table, *columns in (("fates",), ("needs",), ("acceptances", "need")):
        yield from register.rows(table, key, *columns)


_DRAWN: Mapping[str, Callable[[Register, str], Found]] = {
    "amount": _amount(NodeKind.STREAM),
    "demand": _amount(NodeKind.NEED),
    "purchase": Register.price,
    "co2 purchase": Register.factor,
    **{kind: lambda register, key: register.rows("modes", key) for kind in ("transport", "handling", "co2 transport")},
    "gate": lambda register, key: register.rows("streams", key),
    "capex": lambda register, key: register.rows("technologies", key),
}
