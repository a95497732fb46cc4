"""Networks: the optimum of a region if some questions turn out well, on proven evidence and with what is likely added."""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Floats, Links
from sivuvirta.domain.matches import Matches, Specs
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.domain.unknowns import unsaid_moves
from sivuvirta.errors import InfeasibleError
from sivuvirta.links.codes import Mask
from sivuvirta.lp.model import Model, SolveOptions
from sivuvirta.plan.networks import flows, operations
from sivuvirta.plan.program.families import program
from sivuvirta.plan.program.objective import cost_of, emissions_of, first_objective, measured
from sivuvirta.plan.program.setting import Setting

_GAP = 1e-7
"""At which a siting problem is solved here: differences of two optima are looked at."""

_ROUNDING = 1e-3
"""EUR, kg CO2e or t a year."""


@frozen(eq=False)
class Optimum:
    """The best network over some routes, without what only a reader of its ledger asks for."""

    objective: float  # in the unit of the objective, a year
    benefit: float  # EUR/a, cost of the reference less cost of this one; NaN where it moves what goes today nobody knows where
    carbon: float  # kg CO2e/a, emissions of this one less those of the reference
    arc_flow: Floats  # (arcs,) units a year
    size: Floats  # (plants,) capacity that is built, units of activity a year
    capex: Floats  # (plants,) EUR


def optimum(matches: Matches, worst: Verdict, reference: Ledger, options: PlanOptions) -> Optimum:
    """The best network over the routes whose verdict is not worse than one.

    Args:
        matches: the routes.
        worst: verdict that is still admitted.
        reference: today's ledger.
        options: of the plan.

    Raises:
        InfeasibleError: what is promised cannot be kept over these routes.
    """
    at = program(admitting(matches, worst), options)
    model = Model(at.lp)
    cost = first_objective(at.coefficients, options)
    model.minimise(cost, -measured(reference, options))
    how = SolveOptions(method=options.method, time_limit=options.time_limit, gap=min(options.gap, _GAP))
    found = model.solve(how)
    if not found.found:
        raise InfeasibleError([f"the requirements of the region over routes that are {worst.word} or better"])
    if len(model.integers):
        model.fix_integers(found.x)
        again = model.solve(how)
        found = again if again.found else found
    size, capex = _built(at, found.x)
    flow = flows(at, found.x).arc
    lost = len(unsaid_moves(matches.links, matches.links.arcs.today, flow)) > 0
    return Optimum(
        objective=float(cost @ found.x),
        benefit=np.nan if lost else settled(cost_of(reference) - float(at.coefficients.cost @ found.x)),
        carbon=settled(float(at.coefficients.carbon @ found.x) - emissions_of(reference)),
        arc_flow=flow,
        size=size,
        capex=capex,
    )


def settled(difference: float) -> float:
    """A difference of two sums of a year, 0 where it is rounding: less than a tenth of a cent, a gram of CO2e, a kilogram."""
    return 0.0 if abs(difference) < _ROUNDING else difference


def _built(at: Setting, x: Floats) -> tuple[Floats, Floats]:
    done = operations(at, x)
    return done.size, done.capex


def admitting(matches: Matches, worst: Verdict) -> Matches:
    """The routes with all those closed that are worse than a verdict.

    Args:
        matches: the routes.
        worst: verdict that is still admitted.
    """
    verdict = matches.routes.verdict
    closed = np.where(verdict > worst, np.int8(Verdict.FAIL), verdict).astype(np.int8)
    return evolve(matches, routes=evolve(matches.routes, verdict=closed))


def opened(now: Matches, then: Matches, worst: Verdict) -> Mask:
    """Routes that a network admits then and not now, shape (routes,)."""
    return np.asarray((now.routes.verdict > worst) & (then.routes.verdict <= worst), dtype=bool)


def same_specs(one: Specs, other: Specs) -> bool:
    """Whether blends must meet the same."""
    return all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("need", "limit", "row", "route", "coefficient", "middle")
    )


def kept(links: Links, flow: Floats) -> float:
    """Tonnes of streams a year that do not go to their outlets of today."""
    away = np.isin(links.arcs.kind, (ArcKind.DIRECT, ArcKind.FEED)) & (links.nodes.unit[links.arcs.origin] == "t")
    return float(flow[away].sum())
