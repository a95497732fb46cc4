"""Grounds: how the numbers of each part of a page come about, where no row of theirs says it of itself."""

from __future__ import annotations

from collections.abc import Mapping

from sivuvirta.report.following.basis import Basis

_WORTH = ("headline/benefit",)
_BOTH = ("headline/benefit", "headline/carbon")
_SOLVED = "No row of the register states it: it is {}. It rests on all rows behind the figures named here."


def _solved(text: str, figures: tuple[str, ...] = _WORTH) -> Basis:
    return Basis(_SOLVED.format(text), figures=figures)


PAGE: Mapping[str, Basis] = {
    "moves": _solved("what the plan brings a year with the flows of that route, by the outlets that its stream leaves"),
    "streams": Basis("Amounts are those of the register; what a way is worth or costs follows from prices, fees and haulage of its flows."),
    "routes": Basis(
        "A route is worth what its need pays or saves, less haulage, fees and plants on the way, against what the stream costs today; in "
        "the plan it is counted by the outlets that its stream leaves. The rows are what its legs rest on."
    ),
    "tests": _solved("what the flows that wait for it bring in the plan with potential, or what the best network gains if it is passed"),
    "needs": Basis("Amounts that needs state, and what the flows of the plan serve of them.", figures=_WORTH),
    "plants": Basis("What enters each plant in the plan, and what its row and its technology state.", figures=("money/capital",)),
    "money": Basis("Flows times prices, fees and rates, summed over the plan.", figures=("money/sum",)),
    "carbon": Basis("Flows times emission factors, summed over the plan.", figures=("carbon/sum",)),
    "roads": Basis("Flows put on the shortest ways of the road graph.", figures=("headline/trucks",)),
    "marginals": _solved("the change of the best network's worth for one unit more, with all plants as they are built"),
    "evidence": Basis("Flows and money of the plan, counted by the worst grade of what they rest on.", figures=("money/sum",)),
    "agreement": Basis("Statements of several sources, weighed by their precision so that every balance closes."),
    "sources": Basis("Counted: rows of the register and of the reference data that name the source."),
    "annex": Basis("Amount times coefficient, as the columns say; a click on the figure in its own section tells all parts."),
}
"""By part of the page."""

STUDIES: Mapping[str, Basis] = {
    "vintages": _solved("the main figure of the best network of that vintage, planned with the same options", _BOTH),
    "compare": _solved("the best network under the scenario's own rows, planned anew, beside that of the register as it stands", _BOTH),
    "shock": _solved("what the best network loses when something is taken out, after the cheapest repair, with what is built kept"),
    "pareto": _solved("one of the networks of which none is better at all aims, counted against today", _BOTH),
    "alternatives": _solved("the best network that is left where a link, plant or organisation is forbidden or forced, less the best"),
    "best": _solved("the best network with that set of plants held, beside the best of all sets"),
    "futures": _solved("counted over draws of all figures with a stated range, each draw planned anew"),
    "pathway": _solved("a year of the best course over the horizon, planned with all its years together"),
    "ranges": Basis(
        "Mean and 5 and 95 % points of draws of all rows with a stated range, the plan held as it is.",
        figures=("headline/benefit", "headline/carbon", "headline/could_be_used", "headline/trucks"),
    ),
    "economy": Basis(
        "Payments are flows times prices, fees and rates; accounts, jobs and returns are sums over them.", figures=("money/sum",)
    ),
    "benefits": Basis("An indicator of the plan less that of today, shared among exchanges so that they add up.", figures=_WORTH),
    "lifecycle": Basis(
        "The inventory of the flows times the factors of the method, the plan less today, what is displaced credited.",
        figures=("headline/carbon", "carbon/sum"),
    ),
    "footprint": Basis("What goes in, times its factor, shared among the products by the allocation named."),
    "indicators": Basis("By the formula in its row, of the inputs that stand in the table at the end of the section."),
    "metrics": Basis("Computed of the matrix of flows between nodes; the flows are those of the streams and needs of the register."),
    "roads": Basis(
        "Flows put on the shortest ways of the road graph, in loads of the vehicles that carry them.",
        figures=("headline/trucks", "transport/tonne-kilometres"),
    ),
}
"""By study."""
