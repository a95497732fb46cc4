"""What else is asked of a region's plan, each question by its own verb: what a report shows beside the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sivuvirta.domain.plans import Plan
from sivuvirta.domain.studies import STUDIES, Studies
from sivuvirta.errors import OptionError
from sivuvirta.tables import shown_in
from sivuvirta.verbs.dated import carried, vintages
from sivuvirta.verbs.ensembles import futures
from sivuvirta.verbs.exploring import alternatives, pareto, structures
from sivuvirta.verbs.futures import compare, shock
from sivuvirta.verbs.measures import ASKED, footprinted
from sivuvirta.verbs.measures import WORDS as MEASURING
from sivuvirta.verbs.pathways import horizons, pathway

_DRAWS = 100
"""Draws of a study; `sv.futures` makes as many as are asked for."""

Tell = Callable[[str], None]


def study(
    plan: Plan, of: str | Sequence[str] = "all", tell: Tell | None = None, processes: int | None = None, horizon: str | None = None
) -> Studies:
    """Ask more of a plan: everything that a report has a section for, each with the plan's own options.

    Args:
        plan: the plan.
        of: one or several of vintages (the main figures of every vintage), compare (the region's scenarios that speak of the year
            shown), shock, pareto (benefit against emissions), alternatives, best (structures), futures (100 draws, with what is built
            free in each) and pathway (over a horizon of the region, that which begins in the year shown if there is one), ranges (with
            what to measure next), economy, benefits, lifecycle, footprint (of every product that the region has data for), indicators,
            metrics and roads; or "all": those of them that the region can answer.
        tell: hears what is being done.
        processes: that draws are solved in; without it one a core.
        horizon: of the region, that `pathway` plans over.

    Returns:
        The answers, for `report`. `Studies` made by hand holds answers of other options.

    Raises:
        InfeasibleError: no network meets all requirements.
        OptionError: there is no such study, or the region has no scenario or horizon to answer it.
        UnknownNameError: the region has no such horizon.
    """
    chosen = asked(plan, [of] if isinstance(of, str) else list(of))
    found: dict[str, Any] = {}
    for name in chosen:
        heard = _naming(name, tell)
        heard("")
        if name == "futures":
            found[name] = _futures(plan, heard, processes)
        else:
            found[name] = _pathway(plan, horizon) if name == "pathway" else _ASKED[name](plan, heard)
    return Studies(**found)


def asked(plan: Plan, names: Sequence[str]) -> tuple[str, ...]:
    """Studies by name in the order of a report; "all" stands for those that the region can answer.

    Raises:
        OptionError: there is no such study.
    """
    wrong = [name for name in names if name not in (*STUDIES, "all")]
    if wrong:
        raise OptionError(f"There is no study {', '.join(map(repr, wrong))}. There are: {', '.join(STUDIES)}, all.")
    unanswered = {"compare"} if not shown_in(plan.links.region) else set()
    unanswered |= {"vintages"} if len(plan.links.region.vintages) < 2 else set()
    unanswered |= {"pathway"} if not horizons(plan.links.region) else set()
    unanswered |= {"footprint"} if not footprinted(plan) else set()
    every = [name for name in STUDIES if name not in unanswered] if "all" in names else []
    return tuple(name for name in STUDIES if name in every or name in names)


def _naming(name: str, tell: Tell | None) -> Tell:
    def heard(text: str) -> None:
        if tell:
            tell(f"{WORDS[name]}: {text}" if text else WORDS[name])

    return heard


def _compare(plan: Plan, _: Tell) -> Any:
    region = plan.links.region
    names = [name for name in shown_in(region) if name not in region.scenarios]
    if not names:
        raise OptionError(f"'{region.name}' has no scenario that speaks of {region.vintage}. Add rows to its table 'scenarios'.")
    return compare(region, names, carried(plan, region))


def _pathway(plan: Plan, horizon: str | None) -> Any:
    region, options = plan.links.region, plan.options
    known = horizons(region)
    begins = [name for name, each in known.items() if each.periods[0].year == region.year]
    return pathway(region, horizon or next(iter([*begins, *known]), None), objective=options.objective, carbon_price=options.carbon_price)


def _futures(plan: Plan, tell: Tell, processes: int | None) -> Any:
    return futures(plan.matches, plan.options, tell, draws=_DRAWS, builds="free", processes=processes)


_ASKED: Mapping[str, Callable[[Plan, Tell], Any]] = {
    "vintages": lambda plan, tell: vintages(plan, tell=tell),
    "compare": _compare,
    "shock": lambda plan, tell: shock(plan, tell=tell),
    "pareto": lambda plan, tell: pareto(plan, tell=tell),
    "alternatives": lambda plan, tell: alternatives(plan, tell=tell),
    "best": lambda plan, tell: structures(plan, tell=tell),
    **ASKED,
}

WORDS = {
    "vintages": "Planning each vintage",
    "compare": "Planning each scenario",
    "shock": "Testing shocks",
    "pareto": "Looking for the front",
    "alternatives": "Looking for alternatives",
    "best": "Looking for the best structures",
    "futures": "Drawing futures",
    "pathway": "Planning year by year",
    **MEASURING,
}
"""What is being done."""
