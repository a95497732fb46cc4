"""What the report shows beside the plan: the option that asks for it, and the work with what is being done on the screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import click

from sivuvirta import verbs
from sivuvirta.cli.common.screen import progress, screen
from sivuvirta.cli.common.study import Study
from sivuvirta.domain.studies import STUDIES, Studies
from sivuvirta.errors import SivuvirtaError
from sivuvirta.tables import shown_in
from sivuvirta.verbs.studying import WORDS, asked

ENOUGH = 30.0
"""Seconds that `run` takes unasked to compare the scenarios of a region at most."""

NONE = "none"

Command = Callable[..., Any]


def with_option(unasked: str) -> Callable[[Command], Command]:
    """--with: studies beside the plan."""
    names = ", ".join(STUDIES)
    text = f"What the report shows beside the plan, with commas: {names}, or all that the region can answer. {unasked}"
    return click.option("--with", "studies", metavar="NAMES", callback=_names, help=text)


def _names(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    names = tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))
    wrong = [name for name in names if name not in (*STUDIES, "all", NONE)]
    if wrong or not names:
        told = f"There is no {', '.join(map(repr, wrong))}." if wrong else "Nothing is named."
        raise click.BadParameter(f"{told} Choose from {', '.join(STUDIES)}, all, {NONE}.", ctx, param)
    return () if NONE in names else names


def studied(done: Study, names: tuple[str, ...] | None, *, quiet: bool, horizon: str | None = None) -> Studies | None:
    """The studies that were named, years over this horizon or the first that fits; the seconds that each took go to those of the study."""
    found: dict[str, Any] = {}
    for name in asked(done.plan, names or ()):
        started = time.perf_counter()
        with progress(f"{WORDS[name]} …", quiet=quiet) as status:
            tell = (lambda text: status.update(f"{text} …")) if status else None
            one = verbs.study(done.plan, name, tell=tell, horizon=horizon if name == "pathway" else None)
        found[name] = getattr(one, name)
        done.seconds[name] = time.perf_counter() - started
    return Studies(**found) if found else None


def compared(done: Study, *, quiet: bool) -> tuple[Studies | None, str]:
    """The scenarios of the year shown beside the plan, if that is soon done; otherwise a word on why not.

    Returns:
        The study, and what to tell.
    """
    names = [name for name in shown_in(done.region) if name not in done.region.scenarios]
    if not names:
        return None, ""
    if sum(done.seconds.values()) * (len(names) + 1) > ENOUGH:
        return None, f"Not compared, as it would take longer: {', '.join(names)}. Ask for it: --with compare"
    try:
        return studied(done, ("compare",), quiet=quiet), ""
    except SivuvirtaError as error:
        return None, f"The scenarios are not compared: {error}"


def say(text: str) -> None:
    """A word beside the result, if there is one."""
    if text:
        screen().print(text, markup=False, soft_wrap=True, style="dim")
