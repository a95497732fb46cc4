"""A plan over the life cycle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import evolve

from sivuvirta.domain.lifecycles import CLIMATE, Background, LifeCycle, LifeCycleOptions
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.ranges import includes_zero
from sivuvirta.errors import MissingExtraError
from sivuvirta.futures.measured.quoting import quoted
from sivuvirta.verbs.sources import changed

_KG = 1000.0  # per tonne


def lifecycle(
    plan: Plan, method: str = CLIMATE, background: str | Path | Background | None = None, displaced: str | None = "expected", **changes: Any
) -> LifeCycle:
    """Score a plan over the life cycle by Brightway, with substitution and the reference explicit. Needs the extra `lifecycle`.

    Args:
        plan: the plan; without its reference every benefit is unknown.
        method: `climate`, or a method that the background has.
        background: the user's own database: a record, a data package's folder or ZIP, or a Brightway project; the library's factors
            supply what it does not.
        displaced: what the plan replaces at the best, expected or worst end of its range; None says nothing, and the benefit is unknown.
        changes: `runs` of the Monte Carlo (1000; 0 for none) and its `seed`.

    Raises:
        MissingExtraError: Brightway is not installed.
        OptionError: an option does not exist or cannot have that value.
        ReadError: the background cannot be read.
        UnknownNameError: a supplier does not exist.
    """
    try:
        from sivuvirta.lifecycle.measure import Pair, life_cycle  # noqa: PLC0415 - Brightway is an extra
    except ImportError as error:
        raise MissingExtraError('Life cycles need Brightway\'s calculation library: pip install "sivuvirta[lifecycle]".') from error
    options = changed(LifeCycleOptions(method=method, displaced=displaced), changes, "life cycle")
    ledgers = {"proven": plan.proven.ledger, "potential": plan.potential.ledger}
    pairs = {name: Pair(ledger, plan.compared) for name, ledger in ledgers.items()}
    own = Background(str(background)) if isinstance(background, str | Path) else background
    found = life_cycle(pairs, options, own)
    return _quoted(found, plan, options.runs > 0 and own is None and method == CLIMATE and displaced == "expected")


def _quoted(found: LifeCycle, plan: Plan, comparable: bool) -> LifeCycle:
    """Scores with the range to quote of each change, all inputs drawn; it decides the alarm where it is told."""
    table, names = found.scores.copy(), list(found.inventories)
    ends = dict.fromkeys(names, (float("nan"),) * 3)
    if comparable and plan.compared is not None:
        draws = quoted(plan.links, {name: getattr(plan, name).ledger for name in names}, plan.compared)
        ends = {name: draws.of("carbon", name) for name in names}
    changes = (table["system"] == "change") & table["value"].notna()
    for at, end in enumerate(("mean", "low", "high")):
        table[f"quoted_{end}"] = (table["network"].map({name: _KG * told[at] for name, told in ends.items()})).where(changes)
    decided = (table["value"] < 0) & includes_zero(table["value"], table["quoted_low"], table["quoted_high"])
    table["alarm"] = table["alarm"].where(table["quoted_low"].isna(), decided)
    return evolve(found, scores=table)
