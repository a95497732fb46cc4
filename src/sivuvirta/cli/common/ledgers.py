"""Ledgers as the command line names them: a region or a saved plan, one of its states, a vintage, another region."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from attrs import frozen

from sivuvirta import verbs
from sivuvirta.cli.common.screen import progress
from sivuvirta.cli.common.stopping import stoppable
from sivuvirta.cli.common.study import load, titled
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.pathways import Pathway
from sivuvirta.domain.plans import Plan
from sivuvirta.errors import OptionError, ReadError, UnknownNameError
from sivuvirta.ledger.algebra import PERIOD
from sivuvirta.ledger.dimensions import DIMENSIONS, OF_FLOW
from sivuvirta.ledger.reference import reference

REFERENCE = "reference"
STATES = (REFERENCE, "proven", "potential")
SHORT = ("node", "site", "organisation", "sector", "municipality")
"""Dimensions of one end; `node` is the end itself."""

_PLAN = "plan.json"
_LOOKING = "Planning …"


@frozen(eq=False)
class Side:
    """A ledger with its title."""

    title: str
    ledger: Ledger


def side(source: str, state: str, vintage: str | None = None, scenarios: Sequence[str] = (), *, quiet: bool = True) -> Side:
    """One ledger.

    Args:
        source: a region, or a folder in which a plan was saved.
        state: reference, proven or potential; a region is planned for the last two.
        vintage: of a region.
        scenarios: of a region.
        quiet: say nothing meanwhile.
    """
    words = "Reading the ledger …" if state == REFERENCE else _LOOKING
    with progress(words, quiet=quiet) as status, stoppable(status, words) as watch:
        if is_saved(source):
            plan = verbs.reopen(source)
        else:
            opened = load(source, vintage, None, scenarios)
            if state == REFERENCE:
                return Side(f"{titled(opened)}, {state}", reference(verbs.links(opened)))
            plan = verbs.plan(opened, watch=watch)
    return Side(f"{titled(plan.links.region)}, {state}", of_plan(plan, state))


def other(source: str, named: str, shown: tuple[str, str | None], scenarios: Sequence[str] = (), *, quiet: bool = True) -> Side:
    """What a ledger is compared with: another state of the same, another vintage, a saved plan, or another region.

    Args:
        source: the region or saved plan that is looked at.
        named: what it is compared with.
        shown: state and vintage that are looked at.
        scenarios: of the region.
        quiet: say nothing meanwhile.

    Raises:
        UnknownNameError: it is none of these.
    """
    state, vintage = shown
    if named in STATES:
        return side(source, named, vintage, scenarios, quiet=quiet)
    if is_saved(named):
        return side(named, state, quiet=quiet)
    if not is_saved(source) and named in verbs.load(source).table("vintages")["vintage"].tolist():
        return side(source, state, named, scenarios, quiet=quiet)
    try:
        return side(named, state, quiet=quiet)
    except (ReadError, UnknownNameError) as error:
        raise UnknownNameError(
            f"There is nothing to compare with under '{named}'. Name a state ({', '.join(STATES)}), a vintage of the region, "
            "the folder of a saved plan, or another region."
        ) from error


def is_saved(source: str) -> bool:
    """Whether a path is the folder of a saved plan."""
    return (Path(source) / _PLAN).is_file()


def of_plan(plan: Plan, state: str) -> Ledger:
    """The ledger of a state of a plan."""
    return plan.reference if state == REFERENCE else getattr(plan, state).ledger


def years(source: str, state: str, horizon: str, scenarios: Sequence[str] = (), *, quiet: bool = True) -> tuple[str, Any]:
    """Ledgers of the years of a horizon: title, and name, ledger and years of each, as `accumulated` takes them."""
    opened = load(source, None, None, scenarios)
    with progress(_LOOKING, quiet=quiet) as status, stoppable(status, _LOOKING, "EUR, discounted,") as watch:
        found: Pathway = verbs.pathway(opened, horizon, watch=watch)
    course = found.proven if state == "proven" else found.potential
    ledgers = found.references if state == REFERENCE else course.years
    parts = zip(course.money["year"].tolist(), ledgers, course.money["years"].tolist(), strict=True)
    return f"{opened.title or opened.name}, horizon {horizon}, {state}", [(str(int(year)), each, float(many)) for year, each, many in parts]


def dimensions(asked: Sequence[str], end: str, *, over_years: bool) -> tuple[str, ...]:
    """Names of `ledger.dimensions` from those of the command line: `site` is that of the end asked for.

    Raises:
        OptionError: there is no such dimension.
    """
    parts = [part.strip() for text in asked for part in text.split(",") if part.strip()] or ["kind"]
    known = (*OF_FLOW, *SHORT, *DIMENSIONS[len(OF_FLOW) :], *((PERIOD,) if over_years else ()))
    wrong = [part for part in parts if part not in known]
    if wrong:
        raise OptionError(f"A ledger cannot be counted by {', '.join(map(repr, wrong))}. It can by: {', '.join(known)}.")
    named = [end if part == "node" else f"{end}.{part}" if part in SHORT else part for part in parts]
    return tuple(dict.fromkeys(named))


def flows(path: Path) -> pd.DataFrame:
    """A table of realised flows.

    Raises:
        ReadError: it cannot be read, or lacks a column.
    """
    try:
        found = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise ReadError(f"'{path}' cannot be read as CSV: {error}.") from error
    missing = [name for name in ("origin", "destination", "amount") if name not in found.columns]
    if missing:
        raise ReadError(f"'{path}' lacks {', '.join(missing)}. It needs origin and destination as a ledger tells them, and amount.")
    if not pd.api.types.is_numeric_dtype(found["amount"]) or found["amount"].isna().any():
        raise ReadError(f"Column amount of '{path}' holds something that is no number. Write t dry, MWh or m3 a year.")
    return found
