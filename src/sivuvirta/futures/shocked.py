"""Shocked: a plan with its builds kept, solved again while something is gone."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.domain.unknowns import blind, unsaid_moves
from sivuvirta.errors import InfeasibleError
from sivuvirta.futures.removals import EXCHANGES, Removal, touched
from sivuvirta.plan.networks import flows
from sivuvirta.plan.open import Answer, OpenPlan
from sivuvirta.plan.program.agreements import agreements
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.solve import infeasible

_NUMBERS = ("co2_limit", "disposal_limit", "virgin_limit", "traffic_limit", "jobs_least", "changes")
_LIMITS = (*_NUMBERS, "road_limit", "controls", "keep_running")
"""Options under which a node that carries nothing may still stand in the way."""


def _asked(value: object) -> bool:
    """Whether an option limits something; a limit of 0 does."""
    return not (value is None or value is False or value == ())


@frozen(eq=False)
class State:
    """A network while something is gone, or nothing."""

    x: Floats  # value of each column
    arc: Floats  # units a year on every arc
    activity: Floats  # of plants, by row of works
    cost: Floats  # (2,) EUR/a and kg CO2e/a of the network


class Standing:
    """A plan whose builds stand, ready to lose something and get it back.

    Args:
        matches: routes with their verdicts.
        reference: today's ledger.
        options: of the plan.
        evidence: "proven" or "potential".

    Raises:
        InfeasibleError: no plan meets all requirements.
    """

    def __init__(self, matches: Matches, reference: Ledger, options: PlanOptions, evidence: str) -> None:
        self.open = OpenPlan(matches, reference, options)
        self.at, self.links, self.reference = self.open.at, matches.links, reference
        self.open.admit("proven")
        answer = self.open.best(prices=False)
        if answer is not None and evidence == "potential":
            self.open.admit("potential")
            answer = self.open.better(self.open.best(answer.x, prices=False), answer)
        if answer is None:
            raise InfeasibleError(infeasible(self.at, self.open.unproven()))
        self.network = self.open.network(answer, evidence)
        self.open.stand(answer.x)
        self.planned = self._state(answer)
        arrays = self.open.model.arrays
        self._given = tuple(values.copy() for values in (arrays.lower, arrays.upper, arrays.row_lower, arrays.row_upper))
        blocks = self.at.blocks
        self._taking: Index = np.concatenate([blocks.direct.columns, blocks.enter.columns, blocks.pair.columns, blocks.activity.columns])
        self._limited = any(_asked(getattr(options, name)) for name in _LIMITS)

    def matters(self, removal: Removal) -> bool:
        """Whether a removal can change the plan: what carries nothing cannot, unless it frees an outlet, a limit or a promise."""
        gone = touched(self.links, removal)
        exchanges = gone & np.isin(self.links.arcs.kind, EXCHANGES)
        shared = self.at.capacities.ways.number[0][gone] >= 0
        promised = self._promises(removal)
        used = (self.planned.arc[exchanges] > 0).any() or (self.network.route_flow[removal.routes] > 0).any()
        return bool(used or shared.any() or len(promised) or self._limited)

    def without(self, removal: Removal, *, repair: bool) -> State | None:
        """The best network while something is gone.

        Args:
            removal: what is gone.
            repair: whether others may take more than planned; without it they take that much at most.

        Returns:
            The network, None where what is promised cannot be kept.
        """
        model = self.open.model
        try:
            if not repair:
                least, most = self._given[0][self._taking], self._given[1][self._taking]
                model.bound(self._taking, least, np.minimum(most, np.maximum(least, self.planned.x[self._taking])))
            self._remove(removal)
            answer = self.open.best(prices=False)
        finally:
            self._restore()
        return None if answer is None else self._state(answer)

    def counted(self, removal: Removal) -> Floats:
        """EUR/a and kg CO2e/a of what the reference does with what is gone: it is gone there too. Shape (2,)."""
        arcs, today = self.links.arcs, self._gone(removal)
        return np.array([today @ arcs.eur.sum(axis=1), today @ arcs.co2.sum(axis=1)])

    def blind(self, removal: Removal, state: State | None) -> str:
        """Why what is lost is not known, in words: more or less of a stream goes where nobody knows that it goes today; "" where it is."""
        if state is None:
            return ""
        return blind(self.links, unsaid_moves(self.links, self.planned.arc, state.arc + self._gone(removal)))

    def _gone(self, removal: Removal) -> Floats:
        """Units a year on each arc of the reference that are gone with what is gone. Shape (arcs,)."""
        arcs = self.links.arcs
        gone = np.isin(arcs.kind, (ArcKind.FATE, ArcKind.BUY)) & touched(self.links, removal)
        gone &= ~np.isin(np.arange(len(arcs)), removal.arcs)
        return np.where(gone, self.reference.per_arc(), 0.0)

    def _state(self, answer: Answer) -> State:
        at = self.at
        activity = np.zeros(len(self.links.works))
        activity[at.found.plants] = at.blocks.activity.of(answer.x)
        figures = np.array([at.coefficients.cost @ answer.x, at.coefficients.carbon @ answer.x])
        return State(answer.x, flows(at, answer.x).arc, activity, figures)

    def _remove(self, removal: Removal) -> None:
        links, at, model = self.links, self.at, self.open.model
        self.open.amounts("supply", np.flatnonzero(np.isin(links.supply.node, removal.nodes)), 0.0, 0.0)
        self.open.amounts("need", np.flatnonzero(np.isin(links.demand.amounts.node, removal.nodes)), 0.0, 0.0)
        self.open.amounts("minimum", self._promises(removal), -np.inf, np.inf)
        plants = np.flatnonzero(np.isin(links.works.node[at.found.plants], removal.nodes))
        model.bound(at.blocks.activity.columns[plants], 0.0, 0.0)
        columns = np.concatenate([part[1] for part in at.carrying(removal.arcs)]) if len(removal.arcs) else removal.arcs
        model.bound(columns, 0.0, 0.0)
        if len(removal.routes):
            found = at.found
            model.bound(at.blocks.direct.columns[np.isin(found.direct, removal.routes)], 0.0, 0.0)
            model.bound(at.blocks.pair.columns[np.isin(found.pairs.route, removal.routes)], 0.0, 0.0)

    def _promises(self, removal: Removal) -> Index:
        """Rows of `minimum` that nobody can be held to: of a need that is gone, of a contract with an end that is."""
        least = np.nan_to_num(self.links.demand.minimum)
        nodes = self.links.demand.amounts.node[np.flatnonzero(least > 0)]
        gone = touched(self.links, removal)
        contracts = [agreement for agreement in agreements(self.at.found) if agreement.minimum > 0]
        lost = [len(agreement.arcs) > 0 and bool(gone[agreement.arcs].all()) for agreement in contracts]
        return np.flatnonzero(np.concatenate([np.isin(nodes, removal.nodes), np.array(lost, dtype=bool)])).astype(np.int32)

    def _restore(self) -> None:
        """Gives back what was taken; only what differs is told to the solver."""
        model, arrays = self.open.model, self.open.model.arrays
        lower, upper, least, most = self._given
        columns = np.flatnonzero((arrays.lower != lower) | (arrays.upper != upper))
        model.bound(columns, lower[columns], upper[columns])
        rows = np.flatnonzero((arrays.row_lower != least) | (arrays.row_upper != most))
        model.limit(rows, least[rows], most[rows])
