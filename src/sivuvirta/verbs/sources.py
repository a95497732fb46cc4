"""Where records come from: regions by name, path or frames, checked, saved, dated; options changed by name.

A `source` is the name of a bundled region or published case, a path (a folder with a data package, an `.xlsx` workbook, a `.parquet`
folder), or a record that an earlier verb returned.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from attrs import evolve, fields

from sivuvirta import cases, library, regions
from sivuvirta.domain.lifecycles import LifeCycleOptions
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.pathways import OF_ONE_YEAR, Pathway, PathwayOptions
from sivuvirta.domain.plans import Plan, PlanOptions
from sivuvirta.domain.pooling import PoolingOptions
from sivuvirta.domain.reconciliations import ReconcileOptions
from sivuvirta.domain.region import Region
from sivuvirta.errors import CheckError, OptionError, Problem, UnknownNameError
from sivuvirta.plan.saved import save as save_plan
from sivuvirta.tables import from_frames, problems, scenario_from_file, scenario_from_frame, template, with_law
from sivuvirta.tables import load as load_tables
from sivuvirta.tables.dates import parse_date
from sivuvirta.units.numbers import Fault

Options = TypeVar("Options", PlanOptions, PathwayOptions, PoolingOptions, ReconcileOptions, LifeCycleOptions)

Source = str | Path | Region | Links | Matches
"""What `match` and `plan` start from."""

Scenario = str | Path | pd.DataFrame
"""A scenario: its name in a region's table, a CSV file, or a frame."""


def load(source: str | Path, vintage: str | None = None) -> Region:
    """Load and check a region.

    Args:
        source: name of a bundled region or published case, or a path.
        vintage: which year of the register; without it the region's default.

    Raises:
        CheckError: the data have problems; it holds all of them, and nothing was loaded.
        ReadError: there is nothing at the path, or it cannot be opened.
        UnknownNameError: no bundled region, case or vintage has that name.
    """
    bundled = _bundled(source)
    found = load_tables(_place(source), library.tables(), name=str(source) if bundled else None)
    return found if vintage is None else found.at(vintage)


def region(name: str, tables: Mapping[str, pd.DataFrame]) -> Region:
    """Make and check a region from data frames, one a table.

    Args:
        name: of the region.
        tables: frames by table name, with the columns of `docs/reference/tables.md`.

    Raises:
        CheckError: the data have problems; it holds all of them.
    """
    return from_frames(name, tables, library.tables())


def save(record: Region | Plan, path: str | Path) -> Path:
    """Save a region's own tables: `.xlsx` is a workbook, `.parquet` a Parquet folder, a bare path a data package; or a plan, in a folder.

    Args:
        record: a region; or a plan, which `reopen` opens again as it was.
        path: where to; what is there is replaced.

    Returns:
        Where it was written.
    """
    return record.save(path) if isinstance(record, Region) else save_plan(record, Path(path))


def new(path: str | Path) -> Path:
    """Write an empty workbook with guidance, units and drop-downs.

    Returns:
        Where it was written.

    Raises:
        OptionError: the path does not end in .xlsx, or there is a file already.
    """
    return template(Path(path), library.tables())


def check(source: str | Path, scenarios: Sequence[Scenario] = ()) -> list[Problem]:
    """Every problem of a region's data, errors and warnings; bad data raise nothing.

    Args:
        source: a region by name or path.
        scenarios: names or files, applied in order to data without errors; what comes out is checked as well.

    Raises:
        ReadError: there is nothing at the path, or it cannot be opened.
        UnknownNameError: no bundled region, case or scenario has that name.
    """
    found = problems(_place(source), library.tables())
    if not scenarios or any(problem.level == "error" for problem in found):
        return found
    try:
        return list(scenario(load(source), *scenarios).warnings)
    except CheckError as error:
        return [*error.problems, *found]


def scenario(source: str | Path | Region, *scenarios: Scenario) -> Region:
    """A region under scenarios, applied in order: a later one finds what an earlier one has replaced.

    Args:
        source: a region by name, path or record.
        scenarios: names in the region's table `scenarios`; or CSV files (a path, or a text that ends in .csv) or frames with the columns
            of that table, of which `scenario` may be left out.

    Returns:
        The region with the cells replaced, checked as any region; it knows its `scenario`.

    Raises:
        CheckError: a row cannot be applied or what comes out breaks a rule; it holds all problems.
        ReadError: there is no such file.
        UnknownNameError: the region has no such scenario; the message lists those that it has.
    """
    found = source if isinstance(source, Region) else load(source)
    for each in scenarios:
        if isinstance(each, pd.DataFrame):
            found = scenario_from_frame(found, each)
        elif isinstance(each, Path) or each.lower().endswith(".csv"):
            found = scenario_from_file(found, Path(each))
        else:
            found = found.under(each)
    return found


def dated(region: Region, on: str | None) -> Region:
    """A region under the law of a day: limits, rules, legal paths and permits that are valid then.

    Args:
        region: the region.
        on: the day, for example "2017-06-30"; of a month or a year its last day is taken; None is the last day of the year shown.

    Returns:
        The region, with a warning where parts of the law that is registered begin later.

    Raises:
        OptionError: `on` is no date.
    """
    return with_law(region.dated(None if on is None else _day(on)))


def under(found: Links, on: str | None) -> Links:
    """Links under the law of a day; as they are where none is asked for."""
    return found if on is None else evolve(found, region=dated(found.region, on))


def opened(source: str | Path | Region, on: str | None) -> Region:
    """A region under the law of a day; as it is where none is asked for."""
    found = source if isinstance(source, Region) else load(source)
    return found if on is None else dated(found, on)


def changed(options: Options, changes: Mapping[str, Any], what: str) -> Options:
    """Options with single ones changed by name."""
    known = [each.name for each in fields(type(options))]
    for name in changes:
        if name not in known and name == "horizon":
            raise OptionError(f"A {what} is of one year and has no horizon. {OF_ONE_YEAR}")
        if name not in known:
            near = get_close_matches(name, known, n=1)
            repair = f" Did you mean '{near[0]}'?" if near else ""
            raise OptionError(f"A {what} has no option '{name}'.{repair} It has: {', '.join(known)}.")
    try:
        return evolve(options, **changes)
    except (ValueError, TypeError) as error:
        raise OptionError(f"An option cannot have that value: {error.args[0]}.") from error


def _bundled(source: str | Path) -> bool:
    return isinstance(source, str) and source in (*regions.names(), *cases.names())


def _place(source: object) -> Path:
    """Path of a bundled name or of what lies there; a record of another kind is refused in words."""
    if not isinstance(source, (str, Path)):
        told = f" A course over years is no source of this. {OF_ONE_YEAR}" if isinstance(source, Pathway) else ""
        raise OptionError(
            f"A region is given by its name, a path, or a record made of it, not by something of type {type(source).__name__}.{told}"
        )
    name = str(source)
    if _bundled(source):
        return regions.path(name) if name in regions.names() else cases.path(name)
    path = Path(source)
    if path.exists() or len(path.parts) > 1 or path.suffix:
        return path
    known = (*regions.names(), *cases.names())
    near = get_close_matches(name, known, n=1)
    repair = f" Did you mean '{near[0]}'?" if near else ""
    raise UnknownNameError(f"'{name}' is no bundled region and no file.{repair} Bundled are: {', '.join(known)}.")


def _day(text: str) -> str:
    """A day as ISO text; of a month or a year its last day."""
    found = parse_date(text.strip())
    if isinstance(found, Fault):
        raise OptionError(f"Law can not be applied on '{text}'. {found.message} {found.repair}")
    year, *month = (int(part) for part in found.split("-")[:2])
    last = monthrange(year, *month)[1] if month else 31
    return {4: f"{found}-12-31", 7: f"{found}-{last}"}.get(len(found), found)
