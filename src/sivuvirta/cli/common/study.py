"""The line from a region to its figures, step by step, with what is being done on the screen."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta import verbs
from sivuvirta.assess import terms
from sivuvirta.cli.common.reach import explained
from sivuvirta.cli.common.screen import print_table, progress, screen
from sivuvirta.cli.common.stopping import stoppable
from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import Network, Plan, PlanOptions
from sivuvirta.domain.prospects import LabOrders
from sivuvirta.domain.ranges import DRAWN
from sivuvirta.domain.region import Region
from sivuvirta.domain.unknowns import bound, told, unknown_in
from sivuvirta.errors import InfeasibleError
from sivuvirta.lp.watch import Watch
from sivuvirta.report.words import count, figure, span
from sivuvirta.tables import notices

_LOOKING = "Looking for the best network, proven and with potential …"
_KG = 1000.0  # per tonne
_ROUNDING = 1e-9  # of the whole

BEST_SO_FAR = "best so far"
"""Of a network whose search was stopped before it was proven to be the best, in place of "feasible"."""


@frozen(eq=False)
class Study:
    """A region with its matches, plan and figures, and the seconds that each step took."""

    region: Region
    matches: Matches
    plan: Plan
    assessment: Assessment
    seconds: dict[str, float]


def load(region: str, vintage: str | None, on: str | None = None, scenarios: Sequence[str] = ()) -> Region:
    """A checked region at a vintage, under the law of a day and under scenarios."""
    loaded = verbs.load(region)
    return verbs.scenario(verbs.dated(loaded if vintage is None else loaded.at(vintage), on), *scenarios)


def titled(region: Region) -> str:
    """Title of a region with what is shown, the day of the law where one was asked for, and the scenarios applied."""
    law = f", law of {region.on}" if region.on else ""
    under = f", scenario {region.scenario}" if region.scenario else ""
    graded = ", ranges by grade" if region.graded else ""
    return f"{region.title or region.name}, {region.vintage}{law}{under}{graded}"


def study(
    region: str,
    vintage: str | None,
    options: PlanOptions,
    *,
    quiet: bool,
    on: str | None = None,
    scenarios: Sequence[str] = (),
    steps: int = 1,
) -> Study:
    """Check, match, plan and assess a region, under scenarios if any."""
    seconds: dict[str, float] = {}

    def timed(step: str, started: float) -> float:
        now = time.perf_counter()
        seconds[step] = now - started
        return now

    started = time.perf_counter()
    with progress(f"Checking {region} …", quiet=quiet):
        loaded = load(region, vintage, on, scenarios)
    started = timed("check", started)
    with progress("Finding who can use what …", quiet=quiet):
        matches = verbs.match(loaded, steps)
    started = timed("match", started)
    with progress(_LOOKING, quiet=quiet) as status, stoppable(status, _LOOKING) as watch:
        planned = _planned(matches, options, watch)
    started = timed("plan", started)
    with progress("Computing the figures …", quiet=quiet):
        assessment = verbs.assess(planned)
    timed("assess", started)
    return Study(loaded, matches, planned, assessment, seconds)


def _planned(matches: Matches, options: PlanOptions, watch: Watch) -> Plan:
    try:
        return verbs.plan(matches, options, watch=watch)
    except InfeasibleError as error:
        raise explained(error, matches, options) from error


def valued(done: Study, *, quiet: bool) -> LabOrders:
    """What missing tests of a study are worth, with what is being done on the screen."""
    with progress("Judging what is missing …", quiet=quiet) as status:
        return verbs.unknowns(done.matches, tell=lambda text: status.update(f"{text} …") if status else None)


def emissions(done: Study) -> dict[str, float]:
    """Sum of the emissions of each network, t CO2e/a, with what it displaces outside the region subtracted; today's NaN if not known."""
    ledgers = {"today": done.plan.compared, "proven": done.plan.proven.ledger, "potential": done.plan.potential.ledger}
    return {name: np.nan if ledger is None else terms.emissions(ledger) / _KG for name, ledger in ledgers.items()}


def _bound(done: Study, name: str) -> str:
    """How the emissions of a network stand to what is known of them."""
    ledger = {"today": done.plan.compared, "proven": done.plan.proven.ledger, "potential": done.plan.potential.ledger}[name]
    return "" if ledger is None else bound(unknown_in(ledger.links, ledger.per_arc(), ledger.operations.activity))


def print_summary(done: Study) -> None:
    """The five figures as a table, and how the plan was found."""
    rows = []
    for row in done.assessment.headline.to_dict("records"):
        unit = str(row["unit"])
        added = "" if row["figure"] == "used_today" else figure(_difference(row["potential"], row["total"]), unit, sign=True).text
        sure, whole = (told(figure(row[name], unit).text, row[of]) for name, of in (("proven", "sure_bound"), ("total", "bound")))
        today = "" if row["figure"] in ("benefit", "carbon") else figure(row["today"], unit).text
        rows.append([row["label"], today, sure, added, whole, _mean(row), _range(row), row["grade"]])
    columns = [
        ("Figure", "left"),
        *((head, "right") for head in ("Today", "Proven", "Potential", "Together", "Mean", "5 to 95 %")),
        ("Grade", "left"),
    ]
    console = screen()
    print_table(console, titled(done.region), columns, rows)
    for row in done.assessment.headline.to_dict("records"):
        if row["alarm"]:
            between = f"{figure(row['total_low'], row['unit'], sign=True).text} to {figure(row['total_high'], row['unit'], sign=True).text}"
            console.print(
                f"Over-claim: {row['label']} cannot be claimed; its range includes zero ({between}).", markup=False, soft_wrap=True
            )
    for row in done.assessment.headline.to_dict("records"):
        if row["unknown"]:
            console.print(f"{row['label']}. {row['unknown']}", markup=False, soft_wrap=True)
    console.print(quoted_words(done), markup=False, soft_wrap=True, style="dim")
    sums = {name: told(figure(amount, "t CO2e/a").full, _bound(done, name)) for name, amount in emissions(done).items()}
    limit = done.plan.options.co2_limit
    most = "" if limit is None else f"; limit {figure(limit, 't CO2e/a').full}"
    text = f"Emissions of the whole network: today {sums['today']}; plan {sums['proven']} proven, {sums['potential']} with potential{most}."
    console.print(text, markup=False, soft_wrap=True)
    networks = (done.plan.proven, done.plan.potential)
    solved = ", ".join(_solved(network) for network in networks)
    judged = count(len(done.matches.every("verdict")), "route")
    console.print(f"{judged} judged; {solved}.", markup=False, soft_wrap=True, style="dim")
    print_notices(done.region)


def quoted_words(done: Study) -> str:
    """What the mean and the range of the five figures are, in words."""
    return DRAWN.format(draws=int(done.assessment.headline["draws"].iloc[0]))


def _mean(row: Mapping[Any, Any]) -> str:
    """Mean of the draws, nothing where there is none."""
    return "" if np.isnan(row["total_mean"]) else figure(row["total_mean"], str(row["unit"])).text


def _range(row: Mapping[Any, Any]) -> str:
    """Range of a figure, with a mark where it claims a benefit that may be none."""
    between = span(row["total_low"], row["total_high"], str(row["unit"]))
    return f"{between} !" if row["alarm"] else between


def noticed(*regions: Region) -> list[str]:
    """Warnings, each once, that law or scenarios of regions do not reach what is shown."""
    return list(dict.fromkeys(f"{each.file}: {each}" for region in regions for each in notices(region)))


def print_notices(*regions: Region) -> None:
    """Prints such warnings, if there are any."""
    for text in noticed(*regions):
        screen().print(f"Warning, {text}", markup=False, soft_wrap=True)


def _difference(part: float, whole: float) -> float:
    """What is added, 0 where it is rounding beside the whole, NaN where it is not known."""
    return part if np.isnan(part) or abs(part) > _ROUNDING * abs(whole) else 0.0


def _solved(network: Network) -> str:
    if np.isnan(network.gap):
        return f"{network.evidence} {network.status}: today is shown"
    status = BEST_SO_FAR if network.status == "feasible" else network.status
    return f"{network.evidence} {status} (gap {network.gap:.2%}, {network.seconds:.1f} s)"
