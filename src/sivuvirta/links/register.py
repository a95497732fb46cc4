"""The register alone: streams and needs of a region without arcs, who takes what, and arcs for a few pairs that are asked about.

A large register is screened without its arcs. What the rooms above ask of arcs they ask of the few that `joined` makes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, fields, frozen

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import (
    Amounts,
    ArcKind,
    Arcs,
    Floats,
    Links,
    Outputs,
    Recoveries,
    Slots,
    Works,
    Yields,
)
from sivuvirta.domain.paths import Paths
from sivuvirta.domain.region import Region
from sivuvirta.links.codes import Groups, Mask, Rows, first_of, groups, ints
from sivuvirta.links.demand import demand
from sivuvirta.links.ends import accepting
from sivuvirta.links.materials import Materials, materials, sent, takers
from sivuvirta.links.nearby import Spots
from sivuvirta.links.nodes import ends_alone
from sivuvirta.links.supply import supply


@frozen(eq=False)
class Register:
    """Streams and needs of a region. Streams come first among the nodes."""

    links: Links  # without arcs
    tree: Materials
    spots: Spots  # (nodes,)
    material: Rows  # (streams,) position in the tree
    sent: Floats  # (streams,) t as sent per t dry
    flowing: Mask  # (streams,)
    streams: int  # how many there are
    needs: int


def register(region: Region) -> Register:
    """Streams and needs of a region at its vintage."""
    tree = materials(region)
    stands = ends_alone(region, tree)
    streams, needs = len(region.table("streams")), len(region.table("needs"))
    flows, taken = supply(region), demand(region, ints(streams + np.arange(needs)))
    none = np.zeros(0, dtype=np.int32)
    links = Links(
        region=region,
        nodes=stands.nodes,
        arcs=_arcs(0),
        works=_nothing(Works),
        paths=Paths(np.zeros(1, dtype=np.int32), none),
        supply=Amounts(ints(np.arange(streams)), flows.value, flows.low, flows.high, flows.grade),
        demand=taken.demands,
        materials=tuple(tree.id.tolist()),
        modes=(),
        notes={},
    )
    table = region.table("streams")
    material = tree.find(table["material"])
    wet = sent(tree, material, table["moisture"])
    spots = Spots(stands.nodes.lat, stands.nodes.lon, stands.location)
    return Register(links, tree, spots, material, wet, flows.value > 0, streams, needs)


def flowing_as(known: Register, other: Register, rows: Rows) -> Register:
    """A register whose streams give off what some rows of another give off.

    Args:
        known: the register, of as many streams as there are rows.
        other: the other one.
        rows: rows of its streams.
    """
    theirs = other.links.supply
    own = Amounts(known.links.supply.node, theirs.value[rows], theirs.low[rows], theirs.high[rows], theirs.grade[rows])
    return evolve(known, flowing=other.flowing[rows], links=evolve(known.links, supply=own))


@frozen(eq=False)
class Lines:
    """Materials that the same rows of `acceptances` take, as one line."""

    of_material: Rows  # (materials,) line of each, -1 where nothing takes it
    rows: Groups  # rows of `acceptances` by line
    need: Rows  # (acceptances,) row of `needs`


def lines(known: Register) -> Lines:
    """Which acceptances take which material: for each need its most specific class, as `ends` joins them."""
    takes = known.links.demand.amounts.value > 0
    classes, need = accepting(known.links.region, known.tree, takes)
    used = frozenset(classes[classes >= 0].tolist())
    seen: dict[tuple[int, tuple[int, ...]], int] = {}
    of_material = np.full(len(known.tree), -1, dtype=np.int64)
    for row, line in enumerate(known.tree.ancestors):
        above = tuple(at for at in line if at in used)
        if above:
            of_material[row] = seen.setdefault((int(known.tree.carrier[row]), above), len(seen))
    first = first_of(of_material)
    first = first[of_material[first] >= 0]
    shown = np.isin(np.arange(len(known.tree)), first)
    thin = evolve(
        known.tree, ancestors=tuple(line if show else () for line, show in zip(known.tree.ancestors, shown.tolist(), strict=True))
    )
    which, row_of = takers(thin, classes, need).join(first)
    by_line = groups(which, len(first))
    return Lines(of_material, Groups(by_line.start, row_of[by_line.member]), need)


def joined(known: Register, stream: Rows, need: Rows, acceptance: Rows) -> Links:
    """The register with a direct arc for each of some pairs, whose way and money are not known.

    Args:
        known: the register.
        stream: rows of streams, shape (pairs,).
        need: rows of needs, shape (pairs,).
        acceptance: rows of `acceptances` that let them in, shape (pairs,).
    """
    arcs = evolve(
        _arcs(len(stream)),
        origin=ints(stream),
        destination=ints(need + known.streams),
        acceptance=ints(acceptance),
        material=ints(known.material[stream]),
        sent=known.sent[stream],
    )
    return evolve(known.links, arcs=arcs)


def _arcs(count: int) -> Arcs:
    none, unknown = np.full(count, -1, dtype=np.int32), np.full(count, np.nan)
    terms = np.full((count, 0), np.nan)
    return Arcs(
        kind=np.full(count, int(ArcKind.DIRECT), dtype=np.int8),
        origin=none,
        destination=none,
        slot=none,
        output=none,
        acceptance=none,
        material=none,
        ratio=unknown,
        sent=unknown,
        km=unknown,
        mode=none.astype(np.int16),
        pair=none,
        tkm=unknown,
        trips=unknown,
        eur=terms,
        eur_sd=terms,
        co2=terms,
        co2_sd=terms,
        payment=unknown,
        capacity=unknown,
        today=unknown,
        share_low=unknown,
        share_high=unknown,
        grade=np.full(count, int(Grade.D), dtype=np.int8),
        grade_km=np.full(count, int(Grade.D), dtype=np.int8),
    )


_PARTS = {"slots": Slots, "outputs": Outputs, "yields": Yields, "recoveries": Recoveries}


def _nothing(record: Any) -> Any:
    """A record of plants, or of a part of them, without any."""
    columns = {
        each.name: _nothing(_PARTS[each.name]) if each.name in _PARTS else _empty(str(each.type)) for each in fields(record) if each.init
    }
    return record(**columns)


def _empty(kind: str) -> Any:
    texts, ints_, flags = "Texts" in kind, "Ints" in kind, "bool" in kind or "Flags" in kind
    return np.zeros(0, dtype=object if texts else np.int32 if ints_ else bool if flags else np.int8 if "Codes" in kind else float)
