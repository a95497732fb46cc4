"""Networks: a solved program turned back into flows, plants and a ledger."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.ledger import Ledger, Operations
from sivuvirta.domain.links import ArcKind, Codes, Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.plan.program.candidates import Index, Mask
from sivuvirta.plan.program.setting import Setting
from sivuvirta.plan.program.variables import fixed_ways

_NOTHING = 1e-12  # of the flows at both ends: less is rounding


@frozen(eq=False)
class Flows:
    """What flows, from the columns of a solved program."""

    arc: Floats  # units a year on every arc of links
    route: Floats  # units of stream a year on every route
    pair: Floats  # units that enter, shape (pairs,)
    chain: Floats  # units of stream a year on every route of several steps


def flows(at: Setting, x: Floats) -> Flows:
    """Adds up the columns by arc and by route.

    Args:
        at: the program.
        x: value of each column.
    """
    found, blocks, links = at.found, at.blocks, at.links
    arc = np.zeros(len(links.arcs))
    for rows, columns, value in at.carrying(np.arange(len(links.arcs))):
        np.add.at(arc, rows, value * x[columns])
    arc[arc <= _NOTHING * _busiest(at, arc)] = 0.0
    route = np.zeros(len(found.matches.routes))
    route[found.direct] = blocks.direct.of(x)
    pair = blocks.pair.of(x)
    routed = found.pairs.route >= 0
    route[found.pairs.route[routed]] = pair[routed]
    chain = np.zeros(len(found.matches.chains))
    ends = np.flatnonzero(found.pairs.chain >= 0)
    chain[found.pairs.chain[ends]] = pair[ends] * found.of_stream()[ends]
    return Flows(arc, route, pair, chain)


def _busiest(at: Setting, arc: Floats) -> Floats:
    """Smaller of the largest flows at an arc's two ends: what is nothing at one end only may be all there is at the other."""
    arcs = at.links.arcs
    largest = np.zeros(len(at.links.nodes.id))
    np.maximum.at(largest, arcs.origin, arc)
    np.maximum.at(largest, arcs.destination, arc)
    return np.minimum(largest[arcs.origin], largest[arcs.destination])


def operations(at: Setting, x: Floats) -> Operations:
    """What plants do and what is built."""
    works, found, curves, blocks = at.links.works, at.found, at.curves, at.blocks
    count = len(works)
    activity, size, capex, fixed = (np.zeros(count) for _ in range(4))
    built = np.zeros(count, dtype=bool)
    activity[found.plants] = blocks.activity.of(x)
    chosen = blocks.built.of(x) > 0.5
    built[curves.work] = chosen
    size[curves.work] = np.where(chosen, blocks.size.of(x), 0.0)
    invested = curves.slope * blocks.size.of(x) + curves.intercept * chosen
    pieces = curves.segments
    np.add.at(invested, pieces.candidate, pieces.slope * blocks.piece.of(x) + pieces.intercept * np.round(blocks.chosen.of(x)))
    capex[curves.work] = invested
    explicit = np.nan_to_num(works.per_size[curves.work]) * blocks.size.of(x) + np.nan_to_num(works.fixed[curves.work]) * chosen
    fixed[curves.work] = np.nan_to_num(works.annuity[curves.work]) * invested + explicit
    ways = np.zeros(len(at.links.ways) if blocks.used.count else 0)
    ways[fixed_ways(found)] = at.links.ways.fixed[fixed_ways(found)] * (blocks.used.of(x) > 0.5)
    return Operations(activity=activity, size=size, built=built, capex=capex, fixed=fixed, ways=ways)


def ledger(at: Setting, carried: Flows, done: Operations, name: str) -> Ledger:
    """The ledger of a network: its flows by arc, each with its verdict and its worst grade."""
    arc = np.flatnonzero(carried.arc > 0).astype(np.int32)
    verdict, known = _evidence(at, carried)
    evidence = np.maximum(known, _amount_grade(at))
    return Ledger(
        links=at.links,
        name=name,
        status="planned",
        arc=arc,
        amount=carried.arc[arc],
        verdict=verdict[arc],
        grade=np.maximum(evidence, at.links.arcs.grade.astype(np.int8))[arc],
        operations=done,
        evidence=evidence[arc],
    )


def _evidence(at: Setting, carried: Flows) -> tuple[Codes, Codes]:
    """Worst verdict of the routes that an arc carries, -1 for outlets of today and purchases, and worst grade of routes and yields."""
    links, found = at.links, at.found
    matches: Matches = found.matches
    arcs, pairs = links.arcs, found.pairs
    verdict = np.full(len(arcs), -1, dtype=np.int8)
    grade = np.zeros(len(arcs), dtype=np.int8)
    uses = _uses(matches)
    used = np.flatnonzero(np.concatenate([carried.route, carried.chain])[uses.of] > 0)
    np.maximum.at(verdict, uses.arc[used], uses.verdict[uses.of[used]])
    np.maximum.at(grade, uses.arc[used], uses.grade[uses.of[used]])
    spare = _assume(uses, arcs.kind, carried, (verdict, grade))
    flowing = np.flatnonzero(carried.pair > 0)
    enter, outlet = found.enter[pairs.enter[flowing]], found.outlet[pairs.outlet[flowing]]
    _follow(links.works.node, arcs.origin, arcs.destination, (verdict, found.enter, arcs.kind))
    np.maximum.at(verdict, outlet, verdict[enter])
    np.maximum.at(grade, outlet, _yield_grade(at, flowing))
    np.maximum.at(grade, outlet, np.where(spare[enter], grade[enter], 0).astype(np.int8))
    return verdict, grade


@frozen(eq=False)
class _Uses:
    """Which arcs which routes use. Shape (uses,) unless said."""

    arc: Index
    of: Index  # position below
    verdict: Codes  # of routes, then of those of several steps
    grade: Codes


def _uses(matches: Matches) -> _Uses:
    routes, chains = matches.routes, matches.chains
    single, several = np.arange(len(routes)), len(routes) + np.arange(len(chains))
    arc = np.concatenate([routes.arc_in, routes.arc_out, chains.arc, chains.arc_out])
    of = np.concatenate([single, single, np.repeat(several, np.diff(chains.start)), several])
    verdict, grade = (np.concatenate([getattr(part, name) for part in (routes, chains)]) for name in ("verdict", "grade"))
    return _Uses(arc[arc >= 0], of[arc >= 0], verdict, grade)


def _assume(uses: _Uses, kind: Codes, carried: Flows, known: tuple[Codes, Codes]) -> Mask:
    """Gives ways into plants from which nothing reaches a need, only outlets, the verdict of the best route that lets them in.

    That the plant may take them rests on this route. Where its verdict is likely or unknown, or there is none, the grade is D.

    Returns:
        Which arcs these are. Shape (arcs,).
    """
    verdict, grade = known
    spare: Mask = np.isin(kind, (ArcKind.FEED, ArcKind.PASS)) & (carried.arc > 0) & (verdict < 0)
    best = np.full(len(kind), Verdict.UNKNOWN, dtype=np.int8)
    said = uses.verdict[uses.of]
    open_ways = np.flatnonzero((said < Verdict.FAIL) & spare[uses.arc])
    np.minimum.at(best, uses.arc[open_ways], said[open_ways])
    decides = open_ways[said[open_ways] == best[uses.arc[open_ways]]]
    least = np.full(len(kind), Grade.D, dtype=np.int8)
    np.minimum.at(least, uses.arc[decides], uses.grade[uses.of[decides]])
    least[best > Verdict.BLEND] = Grade.D
    verdict[spare] = best[spare]
    grade[spare] = np.maximum(grade, least)[spare]
    return spare


def _follow(plants: Index, origin: Index, destination: Index, parts: tuple[Codes, Index, Codes]) -> None:
    """Reagents have the verdict of what they are bought for: the worst of what enters their plant."""
    verdict, enter, kind = parts
    worst = np.full(max(int(destination.max(initial=0)), int(plants.max(initial=0))) + 1, -1, dtype=np.int8)
    feeds, reagents = enter[kind[enter] != ArcKind.REAGENT], enter[kind[enter] == ArcKind.REAGENT]
    np.maximum.at(worst, destination[feeds], verdict[feeds])
    verdict[reagents] = worst[destination[reagents]]


def _yield_grade(at: Setting, pair: Index) -> Codes:
    """Grade of the yield of each pair."""
    yields, found = at.links.works.yields, at.found
    outputs = np.int64(max(len(at.links.works.outputs.plant), 1))
    key = yields.arc * outputs + yields.output
    order = np.argsort(key, kind="stable")
    wanted = found.enter[found.pairs.enter[pair]] * outputs + found.pairs.output[pair]
    return yields.grade[order[np.searchsorted(key[order], wanted)]].astype(np.int8)


def _amount_grade(at: Setting) -> Codes:
    """Worse of the grades of supply and demand at an arc's ends."""
    links = at.links
    amount = np.zeros(len(links.nodes.id), dtype=np.int8)
    for amounts in (links.supply, links.demand.amounts):
        amount[amounts.node] = amounts.grade
    return np.maximum(amount[links.arcs.origin], amount[links.arcs.destination])
