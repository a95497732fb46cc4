"""What a region becomes when things are otherwise: scenarios side by side, shocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sivuvirta.domain.comparisons import Comparison
from sivuvirta.domain.plans import Plan, PlanOptions
from sivuvirta.domain.region import Region
from sivuvirta.domain.shocks import NODES, Shocks
from sivuvirta.errors import OptionError
from sivuvirta.futures.comparing import compared
from sivuvirta.futures.shocking import shocks
from sivuvirta.verbs.measuring import assess
from sivuvirta.verbs.network import plan
from sivuvirta.verbs.sources import Scenario, Source, opened, scenario

REGISTERED = "as registered"
"""Name of what no scenario changes."""


def compare(
    source: str | Path | Region,
    scenarios: Sequence[Scenario | Region | Sequence[Scenario]],
    options: PlanOptions | None = None,
    *,
    on: str | None = None,
    **changes: Any,
) -> Comparison:
    """Plan a region under several scenarios, and put the plans side by side.

    Args:
        source: a region by name, path or record; as it is, it is the first of those compared.
        scenarios: each a name, file or frame as in `scenario`, several that are applied together, or a region, for example of another
            vintage.
        options: of every plan.
        on: the day whose law is applied, as in `match`.
        changes: single options by name, as in `plan`.

    Returns:
        Headline figures, flows and plants with one column a scenario, and what changes against the first in words.

    Raises:
        CheckError: a scenario cannot be applied; it holds all problems.
        InfeasibleError: a scenario has no plan; it names the requirements that conflict.
        OptionError: no scenario is given, or an option does not exist.
        UnknownNameError: the region has no such scenario.
    """
    if not len(scenarios):
        raise OptionError("Give at least one scenario to compare with the region as registered.")
    first = opened(source, on)
    regions = [first, *(_region(first, each, on) for each in scenarios)]
    plans = [plan(region, options, **changes) for region in regions]
    return compared(_names(regions), plans, [assess(each) for each in plans])


def shock(
    source: Source | Plan,
    of: str | Sequence[str] = NODES,
    only: str | Sequence[str] = (),
    evidence: str = "potential",
    tell: Callable[[str], None] | None = None,
    **changes: Any,
) -> Shocks:
    """Take every node and every used link out of the best network in turn, with what is built kept, and solve it again.

    Args:
        source: a region by name, path or record, its links, its matches, or a plan.
        of: what is taken out, one or several: stream, plant, need, site, organisation, link, or path: a legal path that is refused.
        only: ids of these; without them all.
        evidence: which network is tested, "proven" or "potential".
        tell: called with what is being tested.
        changes: single options of the plan by name, as in `plan`.

    Returns:
        The shocks, the largest loss first: loss before and after the cheapest repair, what stops, what replaces it, what has to be kept.

    Raises:
        InfeasibleError: there is no plan to test.
        OptionError: there is no such kind, evidence or option.
        UnknownNameError: there is no such id.
    """
    if evidence not in ("proven", "potential"):
        raise OptionError(f"A plan has no {evidence!r} network. It has: proven, potential.")
    if isinstance(source, Plan):
        tested = plan(source.matches, source.options, **changes) if changes else source
    else:
        tested = plan(source, **changes)
    kinds, ids = ([each] if isinstance(each, str) else list(each) for each in (of, only))
    return shocks(tested, evidence, kinds, ids, tell)


def _region(first: Region, each: Scenario | Region | Sequence[Scenario], on: str | None) -> Region:
    if isinstance(each, Region):
        return opened(each, on)
    return scenario(first, *each) if isinstance(each, (list, tuple)) else scenario(first, each)  # type: ignore[arg-type]


def _names(regions: Sequence[Region]) -> list[str]:
    """A name for each, that of its scenario, with the vintage where they differ and a number where two are the same."""
    several = len({region.vintage for region in regions}) > 1
    names: list[str] = []
    for region in regions:
        told = region.scenario or ("" if several else REGISTERED)
        name = ", ".join(part for part in (str(region.vintage) if several else "", told) if part)
        same = sum(known == name or known.startswith(f"{name} (") for known in names)
        names.append(f"{name} ({same + 1})" if same else name)
    return names
