"""What a plan is asked for, on the command line: the same options for every command that plans."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import click

from sivuvirta.cli.common.amounts import Amount
from sivuvirta.cli.common.options import objective_option
from sivuvirta.domain.controls import Control, control
from sivuvirta.domain.plans import OBJECTIVES, PlanOptions
from sivuvirta.errors import OptionError
from sivuvirta.units.numbers import Fault, parse_number

Command = Callable[..., Any]

_CO2 = (
    "Emissions of the whole network at most, t CO2e a year: the sum of what it emits less what it displaces outside the region, "
    "not the change from today. The summary prints today's sum and the plan's. May be below zero. Without it: no limit."
)
_FLOW = "FLOW is 'ORIGIN > DESTINATION', 'ORIGIN > PLANT > DESTINATION', 'ORIGIN > *', '* > DESTINATION', or a plant; ids of the register."

_ROBUST = (
    "Keep each limit of a mix while so many of its streams are at their bounds at once and the others in the middle of their ranges. "
    "0: all in the middle. Without it and without --chance: all at their bounds. It is about what streams contain: amounts, recipes, "
    "shares, yields and tonnes of permits count as stated."
)
_CHANCE = (
    "Keep each limit of a mix with this probability, 0.5 to 0.95; how often it is kept is drawn and shown. "
    "About what streams contain, as --robust."
)
_LIMITS: tuple[Callable[[Command], Command], ...] = (
    click.option("--budget", type=Amount(least=0), metavar="EUR", help="Investment at most, EUR. Without it: no limit."),
    click.option("--co2-limit", type=Amount(), metavar="T", help=_CO2),
    click.option(
        "--disposal-limit", type=Amount(least=0), metavar="T", help="To landfill and stock at most, t dry a year. Without it: no limit."
    ),
)
_HOLD: tuple[Callable[[Command], Command], ...] = (
    click.option("--fix", multiple=True, metavar="'FLOW = AMOUNT'", help=f"Fix a flow, units a year; repeat. {_FLOW}"),
    click.option("--forbid", multiple=True, metavar="FLOW", help="Forbid a flow or a plant; repeat."),
    click.option("--bound", multiple=True, metavar="'FLOW = LEAST..MOST'", help="Bound a flow; either end may be left out; repeat."),
    click.option("--build", multiple=True, metavar="PLANT", help="Build a candidate plant, whatever it costs; repeat."),
    click.option("--no-build", multiple=True, metavar="PLANT", help="Do not build a candidate plant; repeat."),
)
_THEN = click.option(
    "--then", multiple=True, type=click.Choice(OBJECTIVES), help="Next objective, with the former kept at its best; repeat."
)
_WEIGHT = click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="NAME=EUR",
    help="EUR that a unit of another objective counts in the value, for example co2=0.08 (EUR per kg); repeat.",
)
_VIRGIN = click.option("--virgin-limit", type=Amount(least=0), metavar="T", help="Primary product bought at most, t a year.")
_TRAFFIC = click.option("--traffic-limit", type=Amount(least=0), metavar="KM", help="Loaded vehicle-kilometres on roads at most, a year.")
_ROADS = click.option(
    "--road-limit", is_flag=True, help="Keep heavy vehicles on each section of road below the number at which it must be strengthened."
)
_JOBS = click.option("--jobs-least", type=Amount(least=0), metavar="POSTS", help="Posts at plants at least.")
_CHANGES = click.option("--changes", type=click.IntRange(min=0), metavar="N", help="At most so many links that are new against today.")
_EACH_YEAR = (_LIMITS[-1], _VIRGIN, _TRAFFIC, _ROADS, _JOBS)
_YEARLY = ("disposal_limit", "virgin_limit", "traffic_limit", "road_limit", "jobs_least", "changes")
_MORE: tuple[Callable[[Command], Command], ...] = (
    _THEN,
    _WEIGHT,
    click.option("--carbon-price", type=Amount(least=0), default=0.0, metavar="EUR", help="Shadow price of carbon, EUR per t CO2e."),
    _VIRGIN,
    _TRAFFIC,
    _ROADS,
    _JOBS,
    *_HOLD,
    click.option("--robust", type=Amount(least=0), metavar="GAMMA", help=_ROBUST),
    click.option("--chance", type=Amount(least=0), metavar="P", help=_CHANCE),
    click.option("--potential-only", is_flag=True, help="Plan only the potential network, in which likely and unknown routes help."),
    _CHANGES,
    click.option("--keep-running", is_flag=True, help="Exchanges that run today carry at least what they do today, where that is known."),
    click.option("--gap", type=Amount(least=0), default=1e-4, metavar="PART", help="Part of the benefit at which a plan is optimal."),
    click.option("--time-limit", type=Amount(least=0), default=300.0, metavar="SECONDS", help="For each solve; then the best so far."),
)


def plan_options(command: Command) -> Command:
    """Options of a plan; the command gets them as one `options: PlanOptions`."""

    @wraps(command)
    def chosen(*args: Any, **given: Any) -> Any:
        plain = {name: given.pop(name) for name in _PLAIN}
        plain["evidence"] = "potential" if given.pop("potential_only", False) else "both"
        weights, controls = _weights(given.pop("weights")), _taken(given)
        return command(*args, options=PlanOptions(**plain, weights=weights, controls=controls), **given)

    run: Command = chosen
    for option in (*reversed(_MORE), *reversed(_LIMITS), objective_option):
        run = option(run)
    return run


def years_options(command: Command) -> Command:
    """Limits and objectives of a plan over years; the command gets them as `asked`, by the names of `PathwayOptions`."""

    @wraps(command)
    def chosen(*args: Any, **given: Any) -> Any:
        plain = {name: given.pop(name) for name in ("then", *_YEARLY)}
        return command(*args, asked={**plain, "weights": _weights(given.pop("weights"))}, **given)

    run: Command = chosen
    for option in reversed((_THEN, _WEIGHT, *_EACH_YEAR, _CHANGES)):
        run = option(run)
    return run


def held_options(command: Command) -> Command:
    """Options of what the user fixes, forbids or bounds; the command gets them as `controls`."""

    @wraps(command)
    def chosen(*args: Any, **given: Any) -> Any:
        return command(*args, controls=_taken(given), **given)

    run: Command = chosen
    for option in reversed(_HOLD):
        run = option(run)
    return run


def _taken(given: dict[str, Any]) -> tuple[Control, ...]:
    """Takes the controls out of what the command line gave."""
    return tuple(_controls(**{name: given.pop(name) for name in _HELD}))


_HELD = ("fix", "forbid", "bound", "build", "no_build")
_PLAIN = (
    *("objective", "then", "budget", "co2_limit", "disposal_limit", "carbon_price", "virgin_limit", "traffic_limit", "jobs_least"),
    *("road_limit", "changes", "keep_running", "robust", "chance"),
    *("gap", "time_limit"),
)


def _weights(texts: Iterable[str]) -> dict[str, float]:
    parts = [text.partition("=") for text in texts]
    return {name.strip(): _number(value, f"--weight {name}{sign}{value}") for name, sign, value in parts}


def _controls(
    fix: Iterable[str], forbid: Iterable[str], bound: Iterable[str], build: Iterable[str], no_build: Iterable[str]
) -> list[Control]:
    held = []
    for text in fix:
        flow, amount = _parted("--fix", text)
        exactly = _number(amount, f"--fix {text}")
        held.append(control(flow, exactly, exactly))
    for text in bound:
        flow, ends = _parted("--bound", text)
        least, dots, most = ends.partition("..")
        if not dots:
            raise OptionError(
                f"--bound '{text}' has no '..'. Write 'FLOW = LEAST..MOST', for example 'a > b = 100..500' or 'a > b = ..500'."
            )
        low = _number(least, f"--bound {text}") if least.strip() else 0.0
        held.append(control(flow, low, _number(most, f"--bound {text}") if most.strip() else float("inf")))
    held += [control(text, most=0.0) for text in forbid]
    held += [control(name, built=True) for name in build]
    return held + [control(name, built=False) for name in no_build]


def _parted(option: str, text: str) -> tuple[str, str]:
    flow, sign, amount = text.partition("=")
    if not sign:
        raise OptionError(f"{option} '{text}' has no '='. Write 'FLOW = AMOUNT', for example 'a > b = 500'.")
    return flow, amount


def _number(text: str, where: str) -> float:
    read = parse_number(text.strip())
    if isinstance(read, Fault) or read.below:
        raise OptionError(f"{where}: '{text.strip()}' is no number. Write digits alone, such as 10000 or 10.5.")
    return float(read.value)
