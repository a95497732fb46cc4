"""Compositions: what the outputs of plants that mix consist of, and the limits of needs checked again on it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from attrs import frozen

from sivuvirta.lp.entries import Floats, Ints
from sivuvirta.plan.program.setting import Setting

_NEAR = 1e-6  # relative: how far off a limit may be, of all that is added up
_NOTHING = 1e-9  # of an output: less of an input is none


@frozen(eq=False)
class Mixes:
    """Outputs of plants that mix, which several outlets share. Shape (splits,) or (parts,)."""

    outlet: Ints  # of each split, position in found.outlet
    output: Ints  # of each split, row of works.outputs
    split: Ints  # of each part, position of its split
    enter: Ints  # of each part, position in found.enter
    pair: Ints  # of each part, position in found.pairs; -1 where no route lets the input go there


def mixes(at: Setting) -> Mixes:
    """Outputs of plants marked `mixes` that come from several inputs and may go several ways."""
    found, works = at.found, at.links.works
    output = at.links.arcs.output[found.outlet]
    splits: list[tuple[int, int]] = []
    parts: list[tuple[int, int, int]] = []
    for row in np.unique(output):
        ways = np.flatnonzero(output == row)
        enters = np.unique(found.pairs.enter[found.pairs.output == row])
        if works.mixes[works.outputs.plant[row]] and len(ways) > 1 and len(enters) > 1:
            parts += [(len(splits) + n, int(enter), int(way)) for n, way in enumerate(ways) for enter in enters]
            splits += [(int(way), int(row)) for way in ways]
    place = {(int(enter), int(way)): n for n, (enter, way) in enumerate(zip(found.pairs.enter, found.pairs.outlet, strict=True))}
    split, enter = (np.array([part[n] for part in parts], dtype=np.int32) for n in (0, 1))
    pair = np.array([place.get((part[1], part[2]), -1) for part in parts], dtype=np.int32)
    way, rows = (np.array([each[n] for each in splits], dtype=np.int32) for n in (0, 1))
    return Mixes(way, rows, split, enter, pair)


@frozen(eq=False)
class Split:
    """How outputs are shared out in an answer."""

    share: Floats  # of each split, of its output
    carried: Floats  # of each part, units that entered and left with the split, as in the answer
    true: Floats  # the same, as it is when every split has the composition of the output
    whole: Floats  # of each part, units that entered for its output


def shared(at: Setting, mixed: Mixes, x: Floats) -> Split:
    """Shares of outputs, and what they carry when each has one composition."""
    enter, pair = at.blocks.enter.of(x), np.append(at.blocks.pair.of(x), 0.0)
    carried: Floats = pair[mixed.pair]
    entered: Floats = enter[mixed.enter]
    count = len(mixed.output)
    leaves = np.bincount(mixed.split, weights=carried, minlength=count)
    comes = np.bincount(mixed.split, weights=entered, minlength=count).astype(float)
    share = np.where(comes > 0, leaves / np.where(comes > 0, comes, 1.0), 0.0)
    return Split(share, carried, share[mixed.split] * entered, comes[mixed.split])


def disagreement(at: Setting, mixed: Mixes, x: Floats) -> float:
    """How far the compositions of an output's splits are apart, as a part of the output."""
    split = shared(at, mixed, x)
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.where(split.whole > 0, np.abs(split.carried - split.true) / split.whole, 0.0)
    return float(off.max(initial=0.0))


def kept(at: Setting, mixed: Mixes, x: Floats) -> list[str]:
    """Limits of needs, and inputs that they do not take, that the true compositions do not keep; in words."""
    split, ids = shared(at, mixed, x), at.links.nodes.id
    arcs, found = at.links.arcs, at.found
    barred = np.flatnonzero((mixed.pair < 0) & (split.true > _NEAR * split.whole))
    wrong = [
        f"{ids[arcs.destination[found.outlet[mixed.outlet[mixed.split[n]]]]]} gets {ids[arcs.origin[found.enter[mixed.enter[n]]]]}, "
        "which it may not take"
        for n in barred
    ]
    table = _limits(at, mixed, x)
    over = table[table["over"] > _NEAR]
    return wrong + [f"{row.component} at {row.need} is {row.over:.2g} of the limit beyond it" for row in over.itertuples()]


def compositions(at: Setting, mixed: Mixes, x: Floats) -> pd.DataFrame:
    """What each output of a plant that mixes consists of: plant, output, input, amount (that entered a year), unit, share of the output."""
    split, found, works = shared(at, mixed, x), at.found, at.links.works
    rows, seen = [], set()
    for n, (place, enter) in enumerate(zip(mixed.split.tolist(), mixed.enter.tolist(), strict=True)):
        output = int(mixed.output[place])
        amount = float(at.blocks.enter.of(x)[enter])
        if (output, enter) in seen or amount <= _NOTHING * split.whole[n]:
            continue
        seen.add((output, enter))
        plant = at.links.nodes.id[works.node[works.outputs.plant[output]]]
        origin = at.links.nodes.id[at.links.arcs.origin[found.enter[enter]]]
        unit = f"{at.links.nodes.unit[at.links.arcs.origin[found.enter[enter]]] or 't'}/a"
        rows.append((plant, works.outputs.name[output], origin, amount, unit, amount / split.whole[n]))
    return pd.DataFrame(rows, columns=["plant", "output", "input", "amount", "unit", "share"])


def limits(at: Setting, mixed: Mixes, x: Floats) -> pd.DataFrame:
    """Limits that a blend may meet, on what needs truly get: need, limit, component, bound, value of the mix, unit of both."""
    return _limits(at, mixed, x).drop(columns="over")


def _limits(at: Setting, mixed: Mixes, x: Floats) -> pd.DataFrame:
    matches, table = at.found.matches, at.links.region.table("limits")
    specs, flow = matches.specs, _true_routes(at, mixed, x)
    used = flow[specs.route]
    delivered = np.asarray(matches.routes.delivered)[specs.route] * used
    count = len(specs.need)
    total = np.bincount(specs.row, weights=delivered, minlength=count)
    excess = np.bincount(specs.row, weights=np.nan_to_num(specs.coefficient) * used, minlength=count)
    rows = np.flatnonzero(total > 0)
    part = excess[rows] / total[rows]
    bound = np.asarray(table["value"], dtype=float)[specs.limit[rows]]
    least: npt.NDArray[np.bool_] = np.asarray(table["comparator"])[specs.limit[rows]] == "min"
    return pd.DataFrame(
        {
            "need": at.links.nodes.id[specs.need[rows]],
            "limit": table["limit"][specs.limit[rows]],
            "component": table["component"][specs.limit[rows]],
            "bound": bound,
            "value": bound + np.where(least, -part, part) * np.abs(bound),
            "unit": [_unit(at, int(row)) for row in specs.limit[rows]],
            "over": part,
        }
    )


def _unit(at: Setting, limit: int) -> str:
    """Unit of a limit: of contents and what leaches out mg/kg, else the component's own."""
    region = at.links.region
    row = {name: region.table("limits")[name][limit] for name in ("kind", "component")}
    if row["kind"] != "property":
        return "mg/kg"
    return next((str(each["unit"] or "") for each in region.table("components").rows() if each["component"] == row["component"]), "")


def _true_routes(at: Setting, mixed: Mixes, x: Floats) -> Floats:
    """Units of stream a year on every route, those through plants that mix with the composition of the output."""
    found, pair = at.found, at.blocks.pair.of(x).copy()
    here = mixed.pair >= 0
    pair[mixed.pair[here]] = shared(at, mixed, x).true[here]
    flow = np.zeros(len(found.matches.routes))
    flow[found.direct] = at.blocks.direct.of(x)
    routed = found.pairs.route >= 0
    flow[found.pairs.route[routed]] = pair[routed]
    return flow
