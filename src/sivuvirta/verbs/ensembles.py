"""A plan under everything that is not known well: draws, and builds that are best for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import pandas as pd
from attrs import evolve, fields

from sivuvirta.domain.ensembles import AIMS, Ensemble, EnsembleOptions, Stages, Where
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Plan, PlanOptions
from sivuvirta.errors import OptionError
from sivuvirta.futures.ensemble.keeping import kept as seen
from sivuvirta.futures.ensemble.running import EVIDENCE, ensemble
from sivuvirta.futures.ensemble.stages import Wanted
from sivuvirta.futures.ensemble.stages import two_stage as staged
from sivuvirta.ledger.reference import reference
from sivuvirta.lp.watch import Watch
from sivuvirta.verbs import blind
from sivuvirta.verbs.network import match, priced
from sivuvirta.verbs.sources import Source, changed

_CHECKED = 10_000  # draws, where nothing is solved
_SCENARIOS = 10  # of a plan of two stages, where nobody says

Record = TypeVar("Record", EnsembleOptions, Where)


def futures(
    source: Source,
    options: PlanOptions | None = None,
    tell: Callable[[str], None] | None = None,
    *,
    on: str | None = None,
    **changes: Any,
) -> Ensemble:
    """Draw everything that is not known well many times, and find the best network of each draw.

    Args:
        source: a region by name, path or record, its links, or its matches.
        options: of the plan; the objective is always value.
        tell: hears how far the work has come.
        on: the day whose law is applied, as in `match`.
        changes: single options by name: of the draws (`draws=1000`, `seed=1`, `builds="fixed"` or `"free"`, `spread=1.0`, `tail=0.05`,
            `limits="drawn"` or `"bounds"`, `kinds=()`), of where they are solved (`processes`, `scheduler`, `folder`), or of the plan.

    Returns:
        For the proven and the potential network: benefit and carbon with their range and tail, how often each link and plant is used, what
        each input explains and what knowing it is worth, structures with their regret, limits with the probability that they are kept.

    Raises:
        InfeasibleError: no plan meets all requirements; it names those that conflict.
        MissingExtraError: a Dask scheduler is named, and Dask is not there.
        OptionError: an option does not exist or cannot have that value.
        SolverError: processes cannot be started, or the scheduler does not answer.
    """
    chosen, rest = _taken(EnsembleOptions(), changes)
    where, rest = _taken(Where(), rest)
    matches = match(source, on=on)
    wanted = _wanted(matches, options, rest)
    return blind.ensemble(ensemble(matches, reference(matches.links), wanted, chosen, where, tell))


def two_stage(  # noqa: PLR0913 - what is asked for, and two who look on
    source: Source,
    scenarios: int = _SCENARIOS,
    aim: str = "expected",
    options: PlanOptions | None = None,
    *,
    on: str | None = None,
    watch: Watch | None = None,
    tell: Callable[[str], None] | None = None,
    **changes: Any,
) -> Stages:
    """Find what to build now so that it is best for many draws together, with the flows of each draw free.

    Args:
        source: a region by name, path or record, its links, or its matches.
        scenarios: how many draws.
        aim: what is made best: "expected", the mean benefit; "tail", the mean of its worst part; "regret", the largest regret made small.
        options: of the plan; its gap and time limit are those of the whole program.
        on: the day whose law is applied, as in `match`.
        watch: who looks on while the program of all draws is solved. A stop is heard within each solve before that, too: from when every
            draw was solved alone, the builds are the best so far; before, none are known, and an error says so.
        tell: hears what is done before that.
        changes: single options by name: of the draws (`seed`, `limits`, `spread`, `tail`, `kinds`), of the plan, or
            `evidence="potential"`.

    Returns:
        What is built, the mean, tail and regret, what planning for all draws is worth (VSS), and what knowing everything would be (EVPI),
        with a proven gap.

    Raises:
        InfeasibleError: no plan meets all requirements; it names those that conflict.
        OptionError: an option does not exist or cannot have that value.
        SolverError: no builds keep all promises in every draw, or it was stopped before any were known.
    """
    if aim not in AIMS:
        raise OptionError(f"A plan of two stages cannot aim at {aim!r}. It can aim at: {', '.join(AIMS)}.")
    told = dict(changes)
    evidence = told.pop("evidence", "potential")
    if evidence not in EVIDENCE:
        raise OptionError(f"A plan has no {evidence!r} network. It has: {', '.join(EVIDENCE)}.")
    if not isinstance(scenarios, int) or scenarios < 1:
        raise OptionError(f"A plan of two stages has one scenario at least, not {scenarios!r}.")
    chosen, rest = _taken(EnsembleOptions(), told)
    matches = match(source, on=on)
    wanted = _wanted(matches, options, rest)
    found = staged(matches, reference(matches.links), wanted, evolve(chosen, draws=scenarios), Wanted(evidence, aim, watch, tell))
    return blind.stages(found)


def kept(plan: Plan, draws: int = _CHECKED, seed: int = 1) -> pd.DataFrame:
    """How often the flows of a plan keep each limit of a mix, whatever its streams truly contain; nothing is solved.

    Args:
        plan: what is checked, for example one of `sv.plan(region, chance=0.9)` or `sv.plan(region, robust=2)`.
        draws: how many.
        seed: equal seeds give equal draws.

    Returns:
        One row a network and limit that flows reach: the probability that was asked for, the share of the draws in which it is kept and
        broken, and the standard error of that.

    Raises:
        OptionError: there is no such number of draws.
    """
    chosen, _ = _taken(EnsembleOptions(), {"draws": draws, "seed": seed})
    return seen(plan, chosen.draws, chosen.seed)


def _wanted(matches: Matches, options: PlanOptions | None, changes: Mapping[str, Any]) -> PlanOptions:
    """Options of the plan, with the carbon price of the vintage."""
    chosen = priced(changed(options or PlanOptions(), changes, "plan"), matches.links.region)
    if chosen.pooling == "exact":
        raise OptionError("Draws are solved with outputs that may be kept apart; `pooling` must be 'apart'.")
    return chosen


def _taken(record: Record, changes: Mapping[str, Any]) -> tuple[Record, dict[str, Any]]:
    """A record with the changes that are its own, and the others."""
    own = {each.name for each in fields(type(record))}
    rest = {name: value for name, value in changes.items() if name not in own}
    try:
        return evolve(record, **{name: value for name, value in changes.items() if name in own}), rest
    except (ValueError, TypeError) as error:
        raise OptionError(f"An option cannot have that value: {error.args[0]}.") from error
