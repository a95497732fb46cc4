"""What the commands that explore a plan share: options, what is told first, files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
from attrs import fields, frozen

from sivuvirta import verbs
from sivuvirta.cli.common.amounts import AmountCommand
from sivuvirta.cli.common.options import (
    folder_option,
    json_option,
    on_option,
    one_year,
    region_argument,
    scenario_option,
    steps_option,
    vintage_option,
)
from sivuvirta.cli.common.screen import progress, screen
from sivuvirta.cli.common.study import load
from sivuvirta.cli.common.writing import whole_folder
from sivuvirta.cli.design.planning import plan_options
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.domain.region import Region

Command = Callable[..., Any]

_ONE_YEAR = """

    Asked of one year. Over years, compare two runs of `sivuvirta pathway`, one of them with the plant or flow in question forbidden, fixed
    or built: the difference of both benefits is its price.
    """


@frozen(eq=False)
class Question:
    """What is asked: the region, which evidence, options of the plan, where tables go."""

    source: Region | Matches  # judged already where routes of several steps are asked for
    region: Region
    evidence: str
    options: PlanOptions
    out: Path | None
    as_json: bool

    @property
    def changes(self) -> dict[str, Any]:
        """Options of the plan by name."""
        return {each.name: getattr(self.options, each.name) for each in fields(PlanOptions) if each.name != "evidence"}

    @property
    def told(self) -> dict[str, Any]:
        """Opening of the JSON."""
        region = self.region
        law = {"vintage": region.vintage, "law_of": region.day, "scenarios": list(region.scenarios)}
        return {"region": region.name, **law, "evidence": self.evidence, "objective": self.options.objective}


def exploring(command: Command) -> click.Command:
    """A command that explores the plan of a region; it gets a `Question` as `asked` beside options of its own."""

    def run(region: str, vintage: str | None, on: str | None, scenarios: tuple[str, ...], steps: int, **given: Any) -> None:
        shared = {name: given.pop(name) for name in ("evidence", "options", "out", "as_json")}
        loaded = load(region, vintage, on, scenarios)
        source = verbs.match(loaded, steps) if steps > 1 else loaded
        command(asked=Question(source, loaded, **shared), **given)

    run.__name__, run.__doc__ = command.__name__, f"{(command.__doc__ or '').rstrip()}{_ONE_YEAR}"
    run.__click_params__ = list(getattr(command, "__click_params__", ()))  # type: ignore[attr-defined]
    evidence = click.option(
        "--evidence", type=click.Choice(["proven", "potential"]), default="potential", show_default=True, help="Routes that may be used."
    )
    found: Command = plan_options(run)
    left = [each for each in found.__click_params__ if each.name != "potential_only"]  # type: ignore[attr-defined]
    found.__click_params__ = left  # type: ignore[attr-defined]
    for option in (
        json_option,
        folder_option("Write the tables there."),
        scenario_option,
        on_option,
        vintage_option,
        steps_option,
        evidence,
        one_year,
    ):
        found = option(found)
    return click.command(cls=AmountCommand)(region_argument(found))


@contextmanager
def telling(words: str, *, quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """Says on stderr how far the work has come."""
    with progress(f"{words} …", quiet=quiet) as status:
        yield (lambda text: status.update(f"{words}: {text} …")) if status else None


def written(folder: Path | None, frames: Mapping[str, pd.DataFrame], pictures: Mapping[str, str] | None = None) -> list[str]:
    """Writes tables (CSV) and pictures (SVG) into a folder; says so on the screen.

    Returns:
        The files.
    """
    if folder is None:
        return []
    names = [*(f"{name}.csv" for name in frames), *(f"{name}.svg" for name in pictures or {})]
    with whole_folder(folder, last=names[-1]) as place:
        for name, frame in frames.items():
            frame.to_csv(place / f"{name}.csv", index=False)
        for name, text in (pictures or {}).items():
            (place / f"{name}.svg").write_text(text, encoding="utf-8")
    return [str(folder / name) for name in names]


def say_where(folder: Path | None) -> None:
    """Tells where the files are."""
    if folder is not None:
        screen().print(f"Files: {folder}", markup=False, soft_wrap=True)


_EXACT = 1e-9  # part of a gain: less than the last digit of any figure


def sure(gap: float, of: str = "the gain") -> str:
    """A proven gap in words, for example "none can be better by more than 0.01 % of the gain"."""
    if np.isnan(gap):
        return "how much better another may be is not known"
    if gap <= _EXACT:
        return "none can be better"
    return f"none can be better by more than {np.format_float_positional(100 * gap, precision=2, fractional=False, trim='-')} % of {of}"
