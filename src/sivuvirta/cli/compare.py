"""`sivuvirta compare`: the best network of a region under several scenarios, side by side."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.options import folder_option, json_option, objective_option, on_option, region_argument, vintage_option
from sivuvirta.cli.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.study import load, noticed, print_notices, titled
from sivuvirta.cli.writing import whole_folder
from sivuvirta.domain.comparisons import Comparison
from sivuvirta.errors import OptionError
from sivuvirta.report.bars import comparison_bars
from sivuvirta.report.words import figure

_MOST = 12  # changes of a scenario on the screen
_TABLES = ("figures", "flows", "plants", "changes")


@click.command()
@region_argument
@click.option(
    "--scenario",
    "scenarios",
    metavar="NAME_OR_FILE",
    multiple=True,
    help="A scenario of the region's table, or a CSV file with the columns of that table; may be repeated. a+b applies both.",
)
@click.option("--all", "every", is_flag=True, help="Every scenario of the region's table; with --scenario, beside those.")
@vintage_option
@on_option
@objective_option
@folder_option("Write the tables (CSV) and a picture (SVG) there.")
@json_option
def compare(  # noqa: PLR0917 - one parameter an option
    region: str,
    scenarios: tuple[str, ...],
    every: bool,
    vintage: str | None,
    on: str | None,
    objective: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Plan REGION under several scenarios, and tell what changes: figures, flows, plants side by side."""
    with progress("Planning each scenario …", quiet=as_json):
        loaded = load(region, vintage, on)
        known = list(dict.fromkeys(loaded.table("scenarios")["scenario"].tolist())) if every else []
        chosen = list(dict.fromkeys([*known, *scenarios]))
        if not chosen:
            none = f"'{loaded.name}' has no scenarios. Give a CSV file: --scenario FILE."
            raise OptionError(none if every else "Give at least one --scenario, or --all for those of the region's table.")
        found = verbs.compare(loaded, [each.split("+") for each in chosen], objective=objective)
    written = [] if out is None else _write(found, out)
    planned = [plan.links.region for plan in found.plans]
    if as_json:
        tables = {name: frame_rows(getattr(found, name)) for name in _TABLES}
        told = {"region": loaded.name, "vintage": loaded.vintage, "law_of": loaded.day, "scenarios": list(found.names)}
        print_json({**told, **tables, "note": found.reference, "warnings": noticed(*planned), "written": [str(path) for path in written]})
        return
    _print(screen(), titled(loaded), found)
    print_notices(*planned)
    if out is not None:
        screen().print(f"Tables: {out}", markup=False, soft_wrap=True)


def _write(found: Comparison, folder: Path) -> list[Path]:
    with whole_folder(folder, last="changes.csv") as place:
        for name in _TABLES:
            getattr(found, name).to_csv(place / f"{name}.csv", index=False)
        (place / "compare.svg").write_text(comparison_bars(found), encoding="utf-8")
    return [*(folder / f"{name}.csv" for name in _TABLES), folder / "compare.svg"]


def _print(console: Console, title: str, found: Comparison) -> None:
    columns = [("Figure", "left"), ("", "left"), *((name, "right") for name in found.names)]
    rows = []
    for row in found.figures.to_dict("records"):
        if row["evidence"] in ("proven", "total"):
            label, word = (str(row["label"]), "proven") if row["evidence"] == "proven" else ("", "with potential")
            rows.append([label, word, *(figure(row[name], str(row["unit"])).text for name in found.names)])
    print_table(console, title, columns, rows)
    for name in found.names[1:]:
        console.print(f"\n{name}", markup=False, style="bold")
        texts = found.changes[found.changes["scenario"] == name]["text"].tolist()
        for text in dict.fromkeys(texts[:_MOST]) or ["Nothing changes."]:
            console.print(f"  {text}", markup=False, soft_wrap=True)
        if len(texts) > _MOST:
            console.print(f"  ... and {len(texts) - _MOST} more (--json or --out lists all)", markup=False, style="dim")
    console.print(f"\n{found.reference}", markup=False, soft_wrap=True, style="dim")
