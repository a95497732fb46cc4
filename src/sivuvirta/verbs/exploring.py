"""What else would do: fronts, alternatives, the best structures, why and why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from attrs import evolve

from sivuvirta.domain.alternatives import Alternatives
from sivuvirta.domain.explanations import Why
from sivuvirta.domain.fronts import Front
from sivuvirta.domain.plans import Plan, PlanOptions
from sivuvirta.domain.structures import Structures
from sivuvirta.explore.alternatives import alternatives as find_alternatives
from sivuvirta.explore.asking import Asked
from sivuvirta.explore.best import structures as best_structures
from sivuvirta.explore.pareto import front
from sivuvirta.explore.why import why as explain
from sivuvirta.ledger.reference import reference
from sivuvirta.verbs import blind
from sivuvirta.verbs.network import match, priced
from sivuvirta.verbs.sources import Source, changed

Tell = Callable[[str], None]


def pareto(
    source: Source | Plan,
    objectives: Sequence[str] = ("value", "co2"),
    points: int = 10,
    evidence: str = "potential",
    tell: Tell | None = None,
    **changes: Any,
) -> Front:
    """Find what one objective costs in another: networks of which none is better than another at all of them.

    Args:
        source: a region by name, path or record, its links, its matches, or a plan, whose options are kept.
        objectives: two or three of value, co2, diversion, virgin, jobs, traffic, investment.
        points: how many of two objectives at most, ends included; of three a grid of about as many.
        evidence: "proven" or "potential".
        tell: hears how far the work has come.
        changes: single options of the plan by name, as in `plan`.

    Returns:
        The networks with what changes along them, a knee and a picture.

    Raises:
        InfeasibleError: no network meets all requirements.
        OptionError: an option or objective does not exist.
    """
    return blind.front(front(_asked(source, evidence, tell, changes), objectives, points))


def alternatives(
    source: Source | Plan,
    slack: float = 0.02,
    networks: int = 4,
    evidence: str = "potential",
    tell: Tell | None = None,
    stop: Callable[[], bool] | None = None,
    **changes: Any,
) -> Alternatives:
    """Find what networks almost as good as the best have in common: each link and plant is must-have, swappable or never.

    Args:
        source: a region by name, path or record, its links, its matches, or a plan, whose options are kept.
        slack: part of the improvement on today that a network may give up; of the benefit, where the objective is value.
        networks: how many very different networks are looked for.
        evidence: "proven" or "potential".
        tell: hears how far the work has come.
        stop: asked again and again; True ends the work with what was found so far.
        changes: single options of the plan by name, as in `plan`.

    Returns:
        Links and plants with the cost of forbidding or forcing each, what the refusal of each organisation and site costs, and networks
        that are very different.

    Raises:
        InfeasibleError: no network meets all requirements.
        OptionError: an option does not exist or cannot have that value.
    """
    asked = _asked(source, evidence, tell, changes)
    return blind.alternatives(find_alternatives(evolve(asked, stop=stop) if stop else asked, slack, networks=networks))


def structures(source: Source | Plan, n: int = 5, evidence: str = "potential", tell: Tell | None = None, **changes: Any) -> Structures:
    """Find the n best sets of plants to build, exactly and in order, each with its best network.

    Args:
        source: a region by name, path or record, its links, its matches, or a plan, whose options are kept.
        n: how many.
        evidence: "proven" or "potential".
        tell: hears how far the work has come.
        changes: single options of the plan by name, as in `plan`.

    Returns:
        The structures, best first, each with what is proven of its rank; `complete` where there are no others.

    Raises:
        InfeasibleError: no network meets all requirements.
        OptionError: an option does not exist or cannot have that value.
    """
    return best_structures(_asked(source, evidence, tell, changes), n)


def why(source: Source | Plan, origin: str, destination: str, plant: str | None = None, evidence: str = "potential", **changes: Any) -> Why:
    """Say why a link is in the best network and what would replace it, or why it is not and what it would cost to have it.

    Args:
        source: a region by name, path or record, its links, its matches, or a plan, whose options are kept.
        origin: id of a stream or plant.
        destination: id of a need, plant or outlet.
        plant: id of the plant that the way leads through; without it all routes between a stream and a need are meant.
        evidence: "proven" or "potential".
        changes: single options of the plan by name, as in `plan`.

    Returns:
        The answer: `text` in words, term by term in `trials`.

    Raises:
        InfeasibleError: no network meets all requirements.
        OptionError: the region has no such ends, or an option does not exist.
    """
    return explain(_asked(source, evidence, None, changes), origin, destination, plant)


def _asked(source: Source | Plan, evidence: str, tell: Tell | None, changes: dict[str, Any]) -> Asked:
    plan = source if isinstance(source, Plan) else None
    options = changed(plan.options if plan else PlanOptions(), changes, "plan")
    matches = plan.matches if plan else match(source)  # type: ignore[arg-type]
    today = plan.reference if plan else reference(matches.links)
    return Asked(matches, today, priced(options, matches.links.region), evidence, tell or _unheard)


def _unheard(_: str) -> None:
    """Nobody listens."""
