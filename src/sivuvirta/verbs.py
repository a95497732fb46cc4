"""The verbs: functions from record to record that compose the rooms; what the package re-exports.

A `source` is the name of a bundled region or published case, a path (a folder with a data package, an `.xlsx` workbook, a `.parquet`
folder), or a record that an earlier verb returned.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from attrs import evolve, fields

from sivuvirta import cases, library, regions
from sivuvirta import search as finder
from sivuvirta.assess.figures import assessment
from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.evaluations import Evaluation
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Plan, PlanOptions
from sivuvirta.domain.prefills import Prefill
from sivuvirta.domain.prospects import Gaps, LabOrders
from sivuvirta.domain.reconciliations import ReconcileOptions, Reconciliation
from sivuvirta.domain.region import Region
from sivuvirta.domain.screenings import Screening
from sivuvirta.domain.search import Alerts, Hits, Query
from sivuvirta.domain.suggestions import Suggestion
from sivuvirta.errors import OptionError, Problem, UnknownNameError
from sivuvirta.ledger.reconcile.region import reconcile_region
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from sivuvirta.match.chains import with_chains
from sivuvirta.match.judge import match as judge
from sivuvirta.plan.solve import solve
from sivuvirta.prospects import gaps as find_gaps
from sivuvirta.prospects import tests as value_tests
from sivuvirta.prospects.catalogue import lab_tests
from sivuvirta.report import write as write_report
from sivuvirta.suggest import Ask, answer, table_of
from sivuvirta.suggest.evaluation import Progress
from sivuvirta.suggest.evaluation import evaluate as judge_suggestions
from sivuvirta.suggest.prefill import prefill as expected_streams
from sivuvirta.tables import from_frames, problems, template
from sivuvirta.tables import load as load_tables
from sivuvirta.tables.dates import parse_date
from sivuvirta.units.numbers import Fault

Precedents = pd.DataFrame | Sequence[Mapping[str, Any]] | str | Path
"""Known exchanges, as `suggest` takes them."""

Options = TypeVar("Options", PlanOptions, ReconcileOptions)

Source = str | Path | Region | Links | Matches
"""What `match` and `plan` start from."""


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


def save(region: Region, path: str | Path) -> Path:
    """Save a region's own tables: `.xlsx` is a workbook, `.parquet` a Parquet folder, a bare path a data package.

    Returns:
        Where it was written.
    """
    return region.save(path)


def new(path: str | Path) -> Path:
    """Write an empty workbook with guidance, units and drop-downs.

    Returns:
        Where it was written.

    Raises:
        OptionError: the path does not end in .xlsx, or there is a file already.
    """
    return template(Path(path), library.tables())


def check(source: str | Path) -> list[Problem]:
    """Every problem of a region's data, errors and warnings; bad data raise nothing.

    Raises:
        ReadError: there is nothing at the path, or it cannot be opened.
        UnknownNameError: no bundled region or case has that name.
    """
    return problems(_place(source), library.tables())


def links(source: str | Path | Region, radius_km: float | None = None) -> Links:
    """Candidate arcs of a region with way, cost, emission and trips per unit sent.

    Args:
        source: a region by name, path or record.
        radius_km: great circle within which streams, plants and needs are joined; None for any distance.

    Raises:
        CheckError: the data have problems.
        OptionError: the radius is not above 0.
    """
    return build(source if isinstance(source, Region) else load(source), radius_km)


def match(source: Source, steps: int = 1, *, on: str | None = None) -> Matches:
    """Judge every route from a stream to a need, direct or through one plant, and find those through several.

    Args:
        source: a region by name, path or record, its links, or its matches.
        steps: most plants that a route may pass. Of routes through two and more the best of each stream and need is found, and the next
            best through other plants.
        on: the day whose law is applied (limits, rules, legal paths, permits), for example "2017-06-30"; without it the last of the year
            shown.

    Returns:
        All routes with verdict, gain, netback and carbon, those that fail included; routes of several steps in `chains`.

    Raises:
        OptionError: a route has one step at least, or `on` is no date.
    """
    if steps < 1:
        raise OptionError(f"A route has one step at least, not {steps}.")
    found = _judged(source, on)
    return with_chains(found, steps) if steps > 1 else found


def _judged(source: Source, on: str | None) -> Matches:
    """Matches at hand, or judged under the law of a day."""
    if isinstance(source, Matches) and on is None:
        return source
    found = source.links if isinstance(source, Matches) else source if isinstance(source, Links) else links(source)
    return judge(found if on is None else evolve(found, region=dated(found.region, on)))


def dated(region: Region, on: str | None) -> Region:
    """A region under the law of a day: limits, rules, legal paths and permits that are valid then.

    Args:
        region: the region.
        on: the day, for example "2017-06-30"; of a month or a year its last day is taken; None is the last day of the year shown.

    Raises:
        OptionError: `on` is no date.
    """
    return region.dated(None if on is None else _day(on))


def screen(source: str | Path | Region, radius_km: float | None = 50.0, streams: Sequence[str] | None = None) -> Screening:
    """Judge every direct pair of a stream and a need that share a class and lie near one another, fast enough for large registers.

    It says what `match` says of direct routes, but solves no blends and computes no money. The first call compiles, some seconds.

    Args:
        source: a region by name, path or record.
        radius_km: how far apart the two may lie, km of great circle; None for any distance.
        streams: ids of the streams to judge; all where none is given.

    Raises:
        CheckError: the data have problems.
        OptionError: the radius is not above 0.
        UnknownNameError: there is no such stream.
    """
    from sivuvirta.match import market  # noqa: PLC0415 - loads the compiler, which no other verb needs

    region = source if isinstance(source, Region) else load(source)
    return market.screen(market.prepare(region, radius_km), streams)


def plan(source: Source, options: PlanOptions | None = None, *, on: str | None = None, **changes: Any) -> Plan:
    """Find the region's best network, on proven evidence and with what is potential added.

    Args:
        source: a region by name, path or record, its links, or its matches.
        options: what is asked for.
        on: the day whose law is applied, as in `match`.
        changes: single options by name, for example `objective="co2"` or `budget=10e6`.

    Raises:
        InfeasibleError: no plan meets all requirements; it names those that conflict.
        OptionError: an option does not exist or cannot have that value.
    """
    chosen = _options(options or PlanOptions(), changes)
    matches = match(source, on=on)
    return solve(matches, reference(matches.links), chosen)


def search(source: Source, text: str | Query = "", **filters: Any) -> Hits:
    """Find streams, needs, organisations, plants, practices, technologies, materials and rules, in four languages.

    Words are found in any form, as part of a compound, in the other languages, and with slips of the pen.

    Args:
        source: a region by name, path or record, its links, or its matches; matches tell verdicts.
        text: words of Finnish, Swedish, Spanish or English, codes, ids; or a query.
        filters: what else is asked, by the names of a query: `kinds`, `material`, `of`, `within_km`, `at_least`, `at_most`, `verdict`,
            `language`, `since`, `k`.

    Raises:
        OptionError: a query has no such option, or it cannot have that value.
        UnknownNameError: no such material, or nothing has the id that distances are asked from.
    """
    query = text.with_(**filters) if isinstance(text, Query) else Query(text=text).with_(**filters)
    version = _version(source, judged=bool(query.verdict))
    return finder.search(version.region, version.index, query, version.matches)


def alerts(query: str | Path | Query, source: Source, since: str | None = None, against: Source | None = None) -> Alerts:
    """What is new for a query: since a day, as the register tells when rows were entered, or against an older version of the register.

    Args:
        query: a query, its text, or the file (`.json`) that it was saved in.
        source: a region by name, path or record, its links, or its matches.
        since: a day, `2026-10-01`; without it and without `against`, the query's own.
        against: an older version of the region; verdicts are compared where the query asks for one, or matches are given.

    Raises:
        OptionError: neither a day nor an older version is given, or both.
        ReadError: the file holds no query.
    """
    asked = _query(query)
    day = since or (asked.since if against is None else None)
    if (day is None) == (against is None):
        raise OptionError("Say since which day (since='2026-10-01'), or against which older version of the register; not both.")
    judged = bool(asked.verdict) or isinstance(source, Matches)
    now = _version(source, judged=judged)
    if against is not None:
        return finder.against(asked, now, _version(against, judged=judged))
    return finder.since(asked.with_(since=day), now, str(day))


def assess(plan: Plan) -> Assessment:
    """Measure a plan against the reference: fates, money, carbon, products, traffic, investment, evidence, and the five figures.

    Returns:
        The figures of both networks, and `headline` with proven + potential.
    """
    return assessment(plan.proven.ledger, plan.potential.ledger, plan.reference)


def reconcile(source: str | Path | Region, options: ReconcileOptions | None = None, **changes: Any) -> Reconciliation:
    """Reconcile what the sources of a region say of its vintage with each other and with every balance.

    Args:
        source: a region by name, path or record.
        options: what is asked for.
        changes: single options by name: `level`, `suspects`, `components`.

    Returns:
        Figures that fulfil every balance with the least adjustment, beside what each source says; the global test and the suspects.

    Raises:
        OptionError: an option does not exist or cannot have that value.
        SolverError: figures that are given as exact contradict each other.
    """
    chosen = _changed(options or ReconcileOptions(), changes, "reconciliation")
    return reconcile_region(source if isinstance(source, Region) else load(source), chosen)


def report(plan: Plan, path: str | Path, assessment: Assessment | None = None, orders: LabOrders | None = None) -> Path:
    """Write the report of a plan as one HTML file that works offline.

    Args:
        plan: the plan.
        path: the file to write.
        assessment: its figures, if they are at hand.
        orders: what missing tests are worth, from `unknowns`; without them the report does not say.

    Returns:
        Where it was written.
    """
    return write_report(plan, assessment or assess(plan), Path(path), orders)


def suggest(  # noqa: PLR0913 - three fields of a stream, and how the answer is wanted
    text: str,
    low: str | None = None,
    donor_nace: str | None = None,
    country: str | None = None,
    precedents: Precedents | None = None,
    k: int = 20,
    *,
    region: str | Path | Region | None = None,
    revision: str | None = None,
) -> Suggestion:
    """What a stream may be, contain and become, and who may take it, from a few words in Finnish, Swedish, Spanish or English.

    Args:
        text: the stream in a company's own words.
        low: its code of the List of Waste, or the chapter.
        donor_nace: industry that gives it off, NACE Rev. 2.1 or Rev. 2.
        country: two letters.
        precedents: known exchanges with `text` and `receiver_nace`, and if known `donor_nace`, `low_code`, `use`, `status`, `reason`,
            `country`, `source`; a frame, rows, or the path of a CSV file.
        k: rows of each table at most.
        region: whose organisations are looked through for receivers.
        revision: of NACE in which receivers are told, `2.1` or `2`; without it that of the precedents, else `2.1`.

    Raises:
        OptionError: an option cannot have that value, or the precedents lack a column.
        ReadError: there is nothing at the path of the precedents.
    """
    chosen = region if region is None or isinstance(region, Region) else load(region)
    known = table_of(precedents)
    return answer(Ask(text=text, low=low, donor_nace=donor_nace, country=country, precedents=known, region=chosen, k=k, revision=revision))


def unknowns(
    source: Source, top: int | None = 20, options: PlanOptions | None = None, tell: Callable[[str], None] | None = None
) -> LabOrders:
    """Find which missing test or decision is worth most: what the best network gains if it turns out well.

    Args:
        source: a region by name, path or record, its links, or its matches.
        top: how many of the best must be exact; the others have a bound where it shows that they are not among them. None: all.
        options: of the plan; the objective is always value.
        tell: hears how far the work has come.

    Returns:
        Tests, decisions, and sets of them that one route needs together, the worthiest first.
    """
    known = lab_tests(library.catalogue()["tests"].columns)
    return value_tests(match(source), options, known, top, tell or _unheard)


def gaps(
    source: str | Path | Region | Links, options: PlanOptions | None = None, sites: int = 4, tell: Callable[[str], None] | None = None
) -> Gaps:
    """Find which technology, at which site, absent today, would unlock most euros, tonnes and emissions, and which streams feed it.

    Args:
        source: a region by name, path or record, or its links.
        options: of the plan; the objective is always value.
        sites: how many sites of a technology are worked out at most.
        tell: hears how far the work has come.

    Returns:
        Technologies at their best sites, and streams and needs for which none is known.
    """
    return find_gaps(source if isinstance(source, Region | Links) else load(source), options, sites, tell or _unheard)


def _unheard(_: str) -> None:
    """Nobody listens."""


def prefill(
    nace: str,
    capacity: str | float,
    product: str | None = None,
    *,
    industry: str | None = None,
    activities: Mapping[str, str | float] | None = None,
) -> Prefill:
    """Side streams that an industry of a size usually has, with ranges, to be confirmed or corrected.

    Args:
        nace: class, group or division of NACE, of either revision.
        capacity: a year, with its unit (`"1.4Mt"`) or in the unit of the activity that it counts.
        product: what the capacity counts, for example `ferrochrome`; without it the main product of each kind of works.
        industry: kind of works, or words of its name; without it all kinds of the class are told, as alternatives.
        activities: further activities of a year by name, for example `{"ferrochrome": "530kt"}`, in place of the usual ratio.

    Raises:
        OptionError: no such industry is known, or a capacity cannot be read.
    """
    return expected_streams(nace, capacity, product, industry, activities)


def evaluate(
    path: str | Path | Sequence[str | Path], *, published: bool = False, seed: int = 0, progress: Progress | None = None
) -> Evaluation:
    """How often suggestions name who really took a stream, each case left out in turn, beside simpler ways to guess.

    Args:
        path: of a CSV file, or several, with `case_id`, `text`, `receiver_nace`, and if known `donor_nace`, `low_code`, `use`.
        published: whether the library's own exchanges may help; they may be the very ones judged.
        seed: of the samples that the intervals are made of.
        progress: called with the cases done and the cases in all.

    Raises:
        ReadError: there is nothing at a path, or it is no CSV.
        OptionError: a file lacks a column, or no row can be judged.
    """
    files = [Path(path)] if isinstance(path, str | Path) else [Path(each) for each in path]
    return judge_suggestions(files, seed=seed, published=published, progress=progress)


def _query(query: str | Path | Query) -> Query:
    if isinstance(query, Query):
        return query
    return finder.read(Path(query)) if isinstance(query, Path) or query.endswith(".json") else Query(text=query)


def _version(source: Source, *, judged: bool) -> finder.Version:
    """A source ready to be searched, with its matches where verdicts are asked for or they are at hand."""
    if judged and not isinstance(source, Matches):
        source = match(source)
    matches = source if isinstance(source, Matches) else None
    record = source.links if isinstance(source, Matches) else source
    region = record.region if isinstance(record, Links) else record if isinstance(record, Region) else load(record)
    return finder.Version(region, finder.indexed(region, library.catalogue()), matches)


def _bundled(source: str | Path) -> bool:
    return isinstance(source, str) and source in (*regions.names(), *cases.names())


def _place(source: str | Path) -> Path:
    """Path of a bundled name or of what lies there."""
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


def _options(options: PlanOptions, changes: Mapping[str, Any]) -> PlanOptions:
    return _changed(options, changes, "plan")


def _changed(options: Options, changes: Mapping[str, Any], what: str) -> Options:
    """Options with single ones changed by name."""
    known = [each.name for each in fields(type(options))]
    for name in changes:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            repair = f" Did you mean '{near[0]}'?" if near else ""
            raise OptionError(f"A {what} has no option '{name}'.{repair} It has: {', '.join(known)}.")
    try:
        return evolve(options, **changes)
    except (ValueError, TypeError) as error:
        raise OptionError(f"An option cannot have that value: {error.args[0]}.") from error
