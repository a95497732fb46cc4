"""Controls: flows and plants that the user fixes, forbids or bounds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from sivuvirta.domain.controls import Control
from sivuvirta.domain.links import Floats, NodeKind
from sivuvirta.errors import OptionError
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.program import Rows
from sivuvirta.plan.program.agreements import EXCHANGES, Running, running
from sivuvirta.plan.program.amounts import demand_of, supply_of
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.program.setting import Setting
from sivuvirta.tables.suggestions import did_you_mean

_ENDS = (NodeKind.STREAM, NodeKind.PLANT), (NodeKind.PLANT,), (NodeKind.NEED, NodeKind.PLANT, NodeKind.FATE)


@frozen(eq=False)
class Held:
    """A row over columns: least <= value . columns <= most."""

    column: Index
    value: Floats
    least: float
    most: float
    name: str


def control(at: Setting) -> Rows:
    r"""What the user fixes, forbids or bounds.

    .. math:: least_c \le \sum_{a \in c} x_a \le most_c, \qquad least_c \le X_p \le most_c, \qquad y_p = built_c
        \qquad \text{(P10)}

    With `options.keep_running` an exchange that runs today carries at least what it does today, as far as stream and need have as much.
    It is held where its amount is known and a route of it is proven; one that lacks a test is left to the plan.

    Args:
        at: the program and its columns; the controls are `options.controls`, in units of what flows, or of activity, a year.

    Returns:
        One row a control, two where it bounds a plant and says whether it is built, then one an exchange that is kept; the dual is what
        the last unit costs.

    Raises:
        OptionError: a control names what the region does not have, or what no plan can use.
    """
    rows = held(at, at.options.controls)
    rows += kept(at) if at.options.keep_running else []
    terms = [Term(np.full(len(row.column), number), row.column, row.value) for number, row in enumerate(rows)]
    names = [row.name for row in rows]
    least, most = (np.array([getattr(row, side) for row in rows]) for side in ("least", "most"))
    return at.lp.rows("control", gather(len(rows), *terms), least, most, names.__getitem__)


def held(at: Setting, controls: Sequence[Control]) -> list[Held]:
    """The rows of some controls.

    Raises:
        OptionError: they name what is not there; all of them at once.
    """
    rows: list[Held] = []
    problems: list[str] = []
    for each in controls:
        try:
            rows += _rows(at, each)
        except OptionError as error:
            problems.append(str(error))
    if problems:
        raise OptionError("\n".join(problems))
    return rows


def kept(at: Setting) -> list[Held]:
    """Rows that keep the exchanges that run today at what they carry."""
    direct, _, pair = at.found.unproven()
    closed = np.concatenate([at.blocks.direct.columns[direct], at.blocks.pair.columns[pair]])
    rows = []
    for one in running(at.found):
        column = _columns(at, one)
        least = _as_much(at, one)
        if least > 0 and not np.isin(column, closed).all():
            ids = at.links.nodes.id
            rows.append(Held(column, np.ones(len(column)), least, np.inf, f"{ids[one.stream]} > {ids[one.need]}"))
    return rows


def _columns(at: Setting, one: Running) -> Index:
    """Columns of the routes of an exchange; those through a plant count what enters it."""
    direct = at.blocks.direct.columns[np.isin(at.found.direct, one.routes)]
    return np.concatenate([direct, at.blocks.pair.columns[np.isin(at.found.pairs.route, one.routes)]]).astype(np.int32)


def _as_much(at: Setting, one: Running) -> float:
    """What an exchange carries, as far as the stream gives it and the need takes it; 0 where it is not known."""
    routes, arcs = at.found.matches.routes, at.links.arcs
    through = routes.plant[one.routes] >= 0
    last = np.where(through, routes.arc_out[one.routes], routes.arc_in[one.routes])
    takes = float((arcs.ratio[last] * routes.delivered[one.routes]).max())
    most = demand_of(at.links)[one.need] / takes if takes > 0 else np.inf
    return float(np.nan_to_num(np.minimum(one.quantity, min(supply_of(at.links)[one.stream], most))))


def _rows(at: Setting, asked: Control) -> list[Held]:
    if asked.year is not None:
        raise OptionError(f"The control of {asked.subject} names the year {asked.year}, but this plan has one year alone: leave it out.")
    nodes = [_node(at, key, kinds) for key, kinds in zip((asked.origin, asked.plant, asked.destination), _ENDS, strict=True)]
    if asked.plant and asked.origin is None and asked.destination is None:
        return _plant(at, asked, nodes[1])
    column, value = _flow(at, asked, nodes)
    if len(column) == 0 and asked.least > 0:
        raise OptionError(f"Nothing can flow over {asked.subject}: there is no admissible way. See `sivuvirta match --why`.")
    return [Held(column, value, asked.least, asked.most, asked.subject)]


def _plant(at: Setting, asked: Control, node: int) -> list[Held]:
    works, found = at.links.works, at.found
    work = int(np.flatnonzero(works.node == node)[0])
    place = np.flatnonzero(found.plants == work)
    if len(place) == 0 and (asked.least > 0 or asked.built):
        raise OptionError(f"Plant '{asked.plant}' can take nothing: no admissible route leads through it.")
    if len(place) == 0:
        return []
    rows = [Held(at.blocks.activity.columns[place], np.ones(1), asked.least, asked.most, asked.subject)]
    candidate = np.flatnonzero(at.curves.work == work)
    if asked.built is not None and len(candidate):
        stands = float(asked.built)
        rows.append(Held(at.blocks.built.columns[candidate], np.ones(1), stands, stands, f"{asked.subject},built"))
    elif asked.built is False:
        raise OptionError(f"Plant '{asked.plant}' stands already; to close it, give it at most 0.")
    return rows


def _flow(at: Setting, asked: Control, nodes: list[int]) -> tuple[Index, Floats]:
    """Columns of the flow that a control names."""
    origin, plant, destination = nodes
    if plant >= 0 and origin >= 0 and destination >= 0:
        return _routes(at, origin, plant, destination)
    arcs = at.links.arcs
    first, last = (origin if origin >= 0 else plant), (destination if destination >= 0 else plant)
    chosen = np.ones(len(arcs), dtype=bool)
    for end, node in ((arcs.origin, first), (arcs.destination, last)):
        chosen &= (end == node) if node >= 0 else np.isin(arcs.kind, EXCHANGES)
    parts = list(at.carrying(np.flatnonzero(chosen)))
    column, value = (np.concatenate([part[place] for part in parts]) for place in (1, 2))
    return column.astype(np.int32), value


def _routes(at: Setting, origin: int, plant: int, destination: int) -> tuple[Index, Floats]:
    """Columns of the routes through a plant, alone or among others, in units that leave the stream."""
    matches, pairs = at.found.matches, at.found.pairs
    work = int(np.flatnonzero(at.links.works.node == plant)[0])
    ends = (matches.every("stream") == origin) & (matches.every("need") == destination)
    route = [row for row in np.flatnonzero(ends).tolist() if work in matches.plants(row)]
    taken = np.where(pairs.chain >= 0, len(matches.routes) + pairs.chain, pairs.route)
    chosen = np.flatnonzero((taken >= 0) & np.isin(taken, route))
    return at.blocks.pair.columns[chosen], at.found.of_stream()[chosen]


def _node(at: Setting, key: str | None, kinds: tuple[NodeKind, ...]) -> int:
    """Row of the node of an id; -1 for no id. A kind may go before it, as in "plant:kiln"."""
    if key is None:
        return -1
    nodes = at.links.nodes
    kind, _, name = key.rpartition(":")
    wanted = [each for each in kinds if kind in ("", each.name.lower())]
    found = np.flatnonzero(np.isin(nodes.kind, wanted) & (nodes.id == name))
    if len(found) == 1:
        return int(found[0])
    words = " or ".join(each.name.lower() for each in kinds)
    if len(found):
        labels = ", ".join(nodes.label(int(row)) for row in found)
        raise OptionError(f"'{key}' is the id of several: {labels}. Write one of these.")
    known = nodes.id[np.isin(nodes.kind, wanted or kinds)].tolist()
    meant = did_you_mean(name, known, cutoff=0.5) or f'`sivuvirta search {at.links.region.name} "{name}"` looks for its id.'
    raise OptionError(f"There is no {words} '{key}' in the links of '{at.links.region.name}'. {meant}")
