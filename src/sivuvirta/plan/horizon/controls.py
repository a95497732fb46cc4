"""Controls over a horizon: flows and plants that the user fixes, forbids or bounds, in every year or in one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from attrs import evolve

from sivuvirta.domain.controls import Control
from sivuvirta.domain.links import Floats
from sivuvirta.errors import OptionError
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.program import Rows
from sivuvirta.plan.horizon.whole import Whole
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.program.controls import held

_Row = tuple[str, Control, Index, Floats]


def year_control(at: Whole) -> Rows:
    r"""What the user fixes, forbids or bounds, in each year or in the one that is named.

    .. math:: least_c \le \sum_{t \in year} \sum_{a \in c} x_{at} \le most_c, \qquad
        least_c \le \sum_{t \in year} X_{pt} \le most_c \qquad \text{(P10)}

    Args:
        at: the whole program; the controls are `options.controls`, in units of what flows, or of activity, a year.

    Returns:
        One row a control of an amount and year, label "2026,gld > road".

    Raises:
        OptionError: a control names a year, flow or plant that the horizon does not have, or that nothing can take; all of them at once.
    """
    asked = [each for each in at.options.controls if each.least > 0 or np.isfinite(each.most)]
    rows: list[_Row] = []
    _each(asked, lambda one: rows.extend(_amounts(at, one)))
    terms = [Term(np.full(len(column), number), column, value) for number, (_, _, column, value) in enumerate(rows)]
    least, most = (np.array([getattr(one, side) for _, one, _, _ in rows], dtype=float) for side in ("least", "most"))
    names = [name for name, _, _, _ in rows]
    return at.lp.rows("year_control", gather(len(rows), *terms), least, most, names.__getitem__)


def year_build(at: Whole) -> Rows:
    r"""What the user has built, or not: in some year of the horizon, or in the one that is named.

    .. math:: \sum_\tau y_{p\tau} \ge 1, \qquad \sum_\tau y_{p\tau} = 0, \qquad y_{p\tau} = built_{p\tau} \qquad \text{(P10)}

    Args:
        at: the whole program.

    Returns:
        One row a control that says whether a plant is built, label "horizon,kiln" or "2026,kiln".

    Raises:
        OptionError: a control names a year or plant that the horizon does not have, or what cannot be built; all of them at once.
    """
    asked = [each for each in at.options.controls if each.built is not None]
    rows: list[tuple[str, bool, Index]] = []
    _each(asked, lambda one: rows.append(_decisions(at, one)))
    terms = [Term(np.full(len(column), number), column, 1.0) for number, (_, _, column) in enumerate(rows)]
    least = np.array([float(built) for _, built, _ in rows])
    most = np.array([np.inf if built else 0.0 for _, built, _ in rows])
    names = [name for name, _, _ in rows]
    return at.lp.rows("year_build", gather(len(rows), *terms), least, most, names.__getitem__)


def _each(controls: Sequence[Control], what: Callable[[Control], None]) -> None:
    """Does something with each control, and tells all that cannot be done at once."""
    problems = []
    for one in controls:
        try:
            what(one)
        except OptionError as error:
            problems.append(str(error))
    if problems:
        raise OptionError("\n".join(dict.fromkeys(problems)))


def _numbers(at: Whole, one: Control) -> list[int]:
    """Positions of the years in which a control holds."""
    years = [year.year for year in at.years]
    if one.year is None:
        return list(range(len(years)))
    if one.year not in years:
        raise OptionError(f"The control of {one.subject} names {one.year}. The horizon has: {', '.join(map(str, years))}.")
    return [years.index(one.year)]


def _amounts(at: Whole, one: Control) -> list[_Row]:
    """Row of each year: name, control, columns and what a unit of each counts."""
    found = []
    for number in _numbers(at, one):
        columns: list[Index] = [np.zeros(0, dtype=np.int32)]
        values = [np.zeros(0)]
        for each in at.stages_of(number):
            for row in held(each.at, [evolve(one, year=None, least=0.0, built=None)]):
                columns.append(at.columns(each.part, row.column))
                values.append(row.value)
        column: Index = np.concatenate(columns)
        year = at.years[number].year
        if one.least > 0 and len(column) == 0:
            raise OptionError(
                f"Nothing can flow over {one.subject} in {year}: there is no admissible way then, or it still waits for the law "
                f"(`leads`). Name the year in which it is held, as in '{year + 1}: {one.subject}'."
            )
        found.append((f"{year},{one.subject}", one, column, np.concatenate(values)))
    return found


def _decisions(at: Whole, one: Control) -> tuple[str, bool, Index]:
    """Row of what is built: name, whether, and the columns of the decisions."""
    held(at.stages[0].at, [evolve(one, year=None, least=0.0, most=np.inf, built=None)])  # there is such a plant
    key = str(one.plant).rpartition(":")[2]
    plants = at.matches[0].links.region.table("plants")
    if plants["status"][plants.index[key]] != "candidate":
        raise OptionError(f"Plant '{key}' stands already and is not built; to close it, give it at most 0.")
    columns = []
    for built in (at.investments[number] for number in _numbers(at, one)):
        columns += [at.columns(built.part, np.array([built.columns.built.start + built.plant.index(key)]))] if key in built.plant else []
    when = "horizon" if one.year is None else str(one.year)
    if one.built and not columns:
        raise OptionError(
            f"Plant '{key}' cannot be built {_when(when)}: no admissible route leads through it in the years in which it would stand."
        )
    return f"{when},{key}", bool(one.built), np.concatenate([np.zeros(0, dtype=np.int32), *columns])


def _when(when: str) -> str:
    return "in any year of the horizon" if when == "horizon" else f"in {when}"
