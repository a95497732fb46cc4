"""Joining families of the year: what its periods may do together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.program import Rows
from sivuvirta.plan.horizon.laying import laid_terms
from sivuvirta.plan.horizon.stages import OUTLETS, Stage
from sivuvirta.plan.horizon.whole import Whole, yearly_candidates
from sivuvirta.plan.program.agreements import Agreement, agreements
from sivuvirta.plan.program.allowances import lawful_routes, permitted
from sivuvirta.plan.program.candidates import Candidates, Index
from sivuvirta.plan.program.capacities import capacities
from sivuvirta.plan.program.measures import MEASURES

_KG = 1000.0  # per tonne


@frozen(eq=False)
class _Rule:
    """A sum over arcs, or into a need, that the periods of a year keep together."""

    name: str
    least: float
    most: float
    arcs: Index | None = None  # rows of links.arcs
    need: int = -1  # row of links.nodes
    route: int = -1  # row of matches.routes
    sent: bool = False  # count what is sent, wet


def year_capacity(at: Whole) -> Rows:
    r"""An outlet takes in a year what it may take in a year, and no contract is exceeded.

    .. math:: \sum_{t \in year} \sum_{a \in w} x_{at} \le c_w, \qquad
        \sum_{t \in year} \sum_{a \in c} x_{at} \le d^{max}_c \qquad \text{(P7)}

    Plants and ways are held by the length of the period in its own family `capacity`.

    Args:
        at: the whole program; outlets and contracts in force as of each year.

    Returns:
        Rows of arcs to outlets, of outlets that several fill, and of contracts, year by year.
    """
    return _rows(at, "year_capacity", _mosts)


def year_minimum(at: Whole) -> Rows:
    r"""A need gets in a year what it was promised for it, and a contract is kept.

    .. math:: \sum_{t \in year} \sum_{a \in \delta^-(j)} e_a x_{at} \ge d^{min}_j, \qquad
        \sum_{t \in year} \sum_{a \in c} x_{at} \ge d^{min}_c \qquad \text{(P2)}

    Args:
        at: the whole program.

    Returns:
        Rows of needs, then of contracts, year by year.
    """
    return _rows(at, "year_minimum", _leasts)


def year_lawful(at: Whole) -> Rows:
    r"""What a permit lets in, and what a legal path is open for, holds for the whole year.

    .. math:: \sum_{t \in year} \sum_{a \in w} m_a x_{at} \le C_w, \qquad
        \sum_{t \in year} x_{rt} \le \frac{Q_r}{m_r} \qquad \text{(P10)}

    Args:
        at: the whole program; m is tonnes as sent per dry tonne, permits as of each year.

    Returns:
        Rows of permits, then of routes, year by year.
    """
    return _rows(at, "year_lawful", _lawful)


def laid(at: Whole) -> Rows:
    r"""Nothing flows through a pipe, cable or belt beyond what is laid of it, and what is laid stays.

    .. math:: L_{w\tau} \ge C_w y_{wt} + \sum_{t' \in \tau} \sum_{a \in w} c_a x_{at'} \quad \forall t \in \tau, \qquad
        L_{w\tau} \ge L_{w,\tau-1} \qquad \text{(P10)}

    C is what any flow asks for, c what a unit a year asks for more, as in the family `way`. The budget of a year counts what is laid in it:
    the rise of L. What is laid is paid in the years in which it is used, at its annuity.

    Args:
        at: the whole program; EUR.

    Returns:
        One row a way and period, then one a way and year but the first; none where no budget holds.
    """
    terms, names = laid_terms(at.laying, at.stages) if at.laying.level.size else ([], [])
    return at.lp.rows("laid", gather(len(names), *terms), lower=0.0, label=names.__getitem__)


def year_budget(at: Whole) -> Rows:
    r"""Investment begun in a year stays within its budget, and all of it within that of the horizon.

    .. math:: \sum_p capex_{p\tau} + \sum_w (L_{w\tau} - L_{w,\tau-1}) \le B_\tau, \qquad
        \sum_\tau \sum_p capex_{p\tau} + \sum_w L_{wT} \le B \qquad \text{(P10)}

    Args:
        at: the whole program; EUR.

    Returns:
        One row a year with a budget, then one of the horizon where it has one.
    """
    limits = [year.budget for year in at.years]
    return _limits(at, "year_budget", [at.capex(year) for year in range(len(at.years))], limits, at.options.budget)


def year_carbon(at: Whole) -> Rows:
    r"""Emissions of a year stay within its limit, and those of all years within that of the horizon.

    .. math:: C_t = \sum_a f_a x_{at} + \sum_p f_p X_{pt} + \sum_i f_i (\ell_{it} + e_{it}) \le C^{max}_t, \qquad
        \sum_t n_t C_t \le C^{max} \qquad \text{(P10)}

    What stocks lose, and leave beyond the start when the horizon ends, counts as sent to the worst outlet of today in that year.

    Args:
        at: the whole program; kg CO2e; n is the number of years that a year stands for.

    Returns:
        One row a year with a limit, then one of the horizon where it has one.
    """
    limits = [None if year.co2_limit is None else year.co2_limit * _KG for year in at.years]
    most = at.options.co2_limit
    parts = [at.yearly(year, "co2") for year in range(len(at.years))]
    return _limits(at, "year_carbon", parts, limits, None if most is None else most * _KG)


def year_disposal(at: Whole) -> Rows:
    r"""What goes to landfill, stock or another disposal in a year stays within its limit.

    .. math:: \sum_{t \in year} \sum_{a \in disposal} x_{at} + \sum_i d_i (\ell_{it} + e_{it}) \le W_t \qquad \text{(P10)}

    What stocks lose, and leave beyond the start when the horizon ends, is among it where an outlet of today is (d 1, else 0).

    Args:
        at: the whole program; t dry.

    Returns:
        One row a year with a limit.
    """
    return _measured(at, "year_disposal", "diversion", "disposal_limit")


def year_virgin(at: Whole) -> Rows:
    r"""Primary product bought in tonnes in a year stays within its limit.

    .. math:: \sum_{t \in year} \Bigl( \sum_j v_{jt} + \sum_{ps} b_{pst} \Bigr) \le V_t \qquad \text{(P10)}

    Args:
        at: the whole program; t a year.

    Returns:
        One row a year with a limit.
    """
    return _measured(at, "year_virgin", "virgin", "virgin_limit")


def year_traffic(at: Whole) -> Rows:
    r"""Loaded vehicles drive no more kilometres on roads in a year than its limit.

    .. math:: \sum_{t \in year} \sum_a n_a d_a x_{at} \le K_t \qquad \text{(P10)}

    Args:
        at: the whole program; km a year.

    Returns:
        One row a year with a limit.
    """
    return _measured(at, "year_traffic", "traffic", "traffic_limit")


def year_jobs(at: Whole) -> Rows:
    r"""Plants give work in a year to no fewer people than asked for.

    .. math:: \sum_{t \in year} \sum_p w_p X_{pt} \ge W_t \qquad \text{(P10)}

    Args:
        at: the whole program; posts.

    Returns:
        One row a year with a limit.
    """
    return _measured(at, "year_jobs", "jobs", "jobs_least")


def _measured(at: Whole, name: str, measure: str, limit: str) -> Rows:
    """Rows that hold a measure in each year: by the year's own limit, else by the one asked for."""
    sign, asked = MEASURES[measure].sign, getattr(at.options, limit)
    given = [asked if getattr(year, limit) is None else getattr(year, limit) for year in at.years]
    limits = [None if most is None else sign * most for most in given]
    some = range(len(at.years)) if any(most is not None for most in limits) else ()
    none: Floats = np.zeros(0)
    parts = [at.yearly(year, measure) for year in some] or [none] * len(at.years)
    return _limits(at, name, parts, limits, None)


def _limits(at: Whole, name: str, parts: Sequence[Floats], limits: Sequence[float | None], most: float | None) -> Rows:
    """Rows of single years, then of all, in units a year times the years that each stands for; investment counts once."""
    rows = [(str(year.year), values, limit) for year, values, limit in zip(at.years, parts, limits, strict=True) if limit is not None]
    if most is not None:
        times = [1.0 if name == "year_budget" else year.years for year in at.years]
        total: Floats = np.sum([weight * values for weight, values in zip(times, parts, strict=True)], axis=0)
        rows.append(("horizon", total, most))
    terms = [Term(np.full(len(used := np.flatnonzero(values)), number), used, values[used]) for number, (_, values, _) in enumerate(rows)]
    names = [label for label, _, _ in rows]
    return at.lp.rows(name, gather(len(rows), *terms), upper=np.array([limit for _, _, limit in rows]), label=names.__getitem__)


def _rows(at: Whole, name: str, rules_of: Callable[[Candidates], Iterator[_Rule]]) -> Rows:
    terms: list[Term] = []
    rules: list[_Rule] = []
    names: list[str] = []
    for number, year in enumerate(at.years):
        for rule in rules_of(yearly_candidates(at, number)):
            for each in at.stages_of(number):
                terms += [
                    Term(np.full(len(column), len(rules)), at.columns(each.part, column), value) for column, value in _counted(each, rule)
                ]
            rules.append(rule)
            names.append(f"{year.year},{rule.name}")
    lower, upper = (np.array([getattr(rule, side) for rule in rules], dtype=float) for side in ("least", "most"))
    return at.lp.rows(name, gather(len(rules), *terms), lower, upper, names.__getitem__)


def _counted(each: Stage, rule: _Rule) -> Iterator[tuple[Index, Floats]]:
    if rule.arcs is not None:
        wet = each.links.arcs.sent
        yield from ((column, value * wet[arc] if rule.sent else value) for arc, column, value in each.at.carrying(rule.arcs))
        return
    if rule.route >= 0:
        blocks, found = each.at.blocks, each.at.found
        for column in (blocks.direct.columns[found.direct == rule.route], blocks.pair.columns[found.pairs.route == rule.route]):
            yield column, np.ones(len(column))
        return
    for need, column, value in each.at.into_needs(ratio=True):
        here = need == rule.need
        yield column[here], value[here]


def _mosts(found: Candidates) -> Iterator[_Rule]:
    """Outlets and contracts with a most a year."""
    links, limits = found.links, capacities(found)
    arcs, ids = links.arcs, links.nodes.id
    for arc in limits.arcs[np.isin(arcs.kind[limits.arcs], OUTLETS)].tolist():
        ends = f"{ids[arcs.origin[arc]]},{ids[arcs.destination[arc]]}"
        yield _Rule(ends, -np.inf, float(arcs.capacity[arc]), np.array([arc]))
    for way in np.flatnonzero(limits.ways.outlet).tolist():
        arc = limits.ways.first[way]
        filling = np.flatnonzero(limits.ways.number[0] == way).astype(np.int32)
        yield _Rule(f"outlet,{ids[arcs.destination[arc]]}", -np.inf, float(limits.ways.capacity[way]), filling)
    yield from (_agreed(each, -np.inf, each.maximum) for each in limits.contracts)


def _lawful(found: Candidates) -> Iterator[_Rule]:
    """Permits, and routes whose legal path is open for so much alone."""
    held, ids, routes = permitted(found), found.links.nodes.id, found.matches.routes
    for number, name in enumerate(held.names):
        yield _Rule(f"permit,{name}", -np.inf, float(held.most[number]), held.arc[held.group == number], sent=True)
    for route in lawful_routes(found).tolist():
        name = f"{ids[routes.stream[route]]} > {ids[routes.need[route]]}"
        yield _Rule(f"route,{name}", -np.inf, float(routes.lawful[route]), route=route)


def _leasts(found: Candidates) -> Iterator[_Rule]:
    """Needs and contracts with a least a year."""
    links = found.links
    least = np.nan_to_num(links.demand.minimum)
    for need in np.flatnonzero(least > 0).tolist():
        node = int(links.demand.amounts.node[need])
        yield _Rule(str(links.nodes.id[node]), float(least[need]), np.inf, need=node)
    yield from (_agreed(each, each.minimum, np.inf) for each in agreements(found) if each.minimum > 0)


def _agreed(each: Agreement, least: float, most: float) -> _Rule:
    return _Rule(f"contract,{each.name}", least, most, each.arcs)
