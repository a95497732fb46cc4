"""`sivuvirta futures`: the best network of a region under many draws of what is not known well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pandas as pd
from rich.status import Status

from sivuvirta import verbs
from sivuvirta.cli.common.drawn import print_ensemble
from sivuvirta.cli.common.options import folder_option, json_option, on_option, region_argument, scenario_option, vintage_option
from sivuvirta.cli.common.places import Place
from sivuvirta.cli.common.screen import frame_rows, print_json, progress, screen
from sivuvirta.cli.common.study import load, titled
from sivuvirta.cli.common.writing import whole_folder
from sivuvirta.domain.ensembles import BUILDS, LIMITS, Ensemble, Outcome
from sivuvirta.report.words import count

_FRAMES = ("figures", "links", "plants", "inputs", "structures", "draws", "limits", "groups")


@click.command()
@region_argument
@click.option("--draws", type=click.IntRange(min=2), default=1000, show_default=True, metavar="N", help="How many draws.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="N", help="Equal seeds give equal draws and results."
)
@click.option(
    "--builds", type=click.Choice(BUILDS), default="fixed", show_default=True, help="fixed: as the plan builds; free: anew in each draw."
)
@click.option(
    "--limits",
    type=click.Choice(LIMITS),
    default="drawn",
    show_default=True,
    help="drawn: a mix is judged by what the draw says it contains; bounds: by the bounds that verdicts use.",
)
@click.option("--processes", type=click.IntRange(min=1), metavar="N", help="Processes that solve draws; without it one a core.")
@click.option("--scheduler", metavar="ADDRESS", help="Solve on a Dask cluster, for example tcp://host:8786. Needs the extra: cluster.")
@click.option(
    "--resume",
    type=Place(folder=True),
    metavar="FOLDER",
    help="Keep results there as they come; what is there already is not done again.",
)
@scenario_option
@vintage_option
@on_option
@folder_option("Write the tables (CSV) there.")
@json_option
def futures(  # noqa: PLR0917 - one parameter an option
    region: str,
    draws: int,
    seed: int,
    builds: str,
    limits: str,
    processes: int | None,
    scheduler: str | None,
    resume: Path | None,
    scenarios: tuple[str, ...],
    vintage: str | None,
    on: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Draw what is not known well in REGION many times: benefit with its range and tail, sure and unsure links, what is worth knowing."""
    with progress("Looking for the best network …", quiet=as_json) as status, _kept(resume) as heard:
        loaded = load(region, vintage, on, scenarios)
        found = verbs.futures(
            loaded,
            tell=lambda text: heard(text, status),
            draws=draws,
            seed=seed,
            builds=builds,
            limits=limits,
            processes=processes,
            scheduler=scheduler,
            folder=None if resume is None else str(resume),
        )
    written = [] if out is None else _write(found, out)
    if as_json:
        told = {"region": loaded.name, "vintage": loaded.vintage, "law_of": loaded.day, "scenarios": list(loaded.scenarios)}
        asked = {"draws": draws, "seed": seed, "builds": builds, "limits": limits, "start": found.start}
        networks = {name: _body(one) for name, one in found.networks.items()}
        print_json({**told, **asked, "networks": networks, "written": [str(path) for path in written]})
        return
    print_ensemble(screen(), f"{titled(loaded)}: {count(draws, 'draw')} of {count(len(found.inputs), 'input')}, builds {builds}", found)
    if found.done_before:
        screen().print(f"{found.kept} of {count(draws, 'draw')} were in {resume} already.", markup=False, soft_wrap=True, style="dim")
    if out is not None:
        screen().print(f"Tables: {out}", markup=False, soft_wrap=True)


@contextmanager
def _kept(folder: Path | None) -> Iterator[Callable[[str, Status | None], None]]:
    """Shows how far the draws are; where they are stopped, says what of them is kept."""
    last = ["none of the draws"]

    def hear(text: str, status: Status | None) -> None:
        last[0] = text
        if status:
            status.update(f"Solving: {text} …")

    try:
        yield hear
    except KeyboardInterrupt:
        kept = f"kept in {folder}; the same command goes on from there" if folder else "not kept: with --resume FOLDER they are"
        screen(err=True).print(f"Stopped after {last[0]}, {kept}.", markup=False, soft_wrap=True)
        raise


def _body(one: Outcome) -> dict[str, Any]:
    frames = {name: frame_rows(getattr(one, name)) for name in _FRAMES if name != "draws"}
    return {**frames, "perfect_information": one.perfect, "perfect_information_error": one.perfect_error, "correlation_noise": one.noise}


def _write(found: Ensemble, folder: Path) -> list[Path]:
    frames: dict[str, pd.DataFrame] = {
        f"{name}_{evidence}": getattr(one, name) for evidence, one in found.networks.items() for name in _FRAMES
    }
    with whole_folder(folder, last=f"{next(reversed(frames))}.csv") as place:
        for name, frame in frames.items():
            frame.to_csv(place / f"{name}.csv", index=False)
    return [folder / f"{name}.csv" for name in frames]
