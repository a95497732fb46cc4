"""`sivuvirta prefill`: from an industry and a capacity to its expected side streams."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.options import folder_option, json_option
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, screen
from sivuvirta.domain.prefills import Prefill
from sivuvirta.errors import OptionError
from sivuvirta.report.words import count


@click.command()
@click.option("--nace", required=True, metavar="CODE", help="Industry, for example 24.10.")
@click.option("--capacity", required=True, metavar="AMOUNT", help="Of a year, with its unit, for example 1.4Mt.")
@click.option("--product", metavar="NAME", help="What the capacity counts, for example ferrochrome; else the main product.")
@click.option("--industry", metavar="NAME", help="Kind of works, or words of its name; else all kinds, as alternatives.")
@click.option(
    "--activity", "given", multiple=True, metavar="NAME=AMOUNT", help="A further activity, for example ferrochrome=530kt; may be repeated."
)
@click.option("--site", default="works", show_default=True, metavar="KEY", help="Key of the site, for --out.")
@click.option("--vintage", default="now", show_default=True, metavar="NAME", help="Year that is described, for --out.")
@folder_option("Write streams.csv, quantities.csv and analyses.csv for a register here; one kind of works must be chosen.")
@json_option
def prefill(given: tuple[str, ...], site: str, vintage: str, out: Path | None, as_json: bool, **asked: Any) -> None:
    """List the side streams that an industry of a size usually has, with ranges, to be confirmed or corrected."""
    nace, capacity, product = asked.pop("nace"), asked.pop("capacity"), asked.pop("product")
    found = verbs.prefill(nace, capacity, product, activities=dict(_pair(each) for each in given), **asked)
    if out is not None:
        _write(found, out, site, vintage)
    if as_json:
        tables = {name: frame_rows(getattr(found, name).to_frame()) for name in ("works", "streams", "contents", "unscaled")}
        print_json({"nace": found.nace, "capacity": found.capacity, **tables})
    else:
        _print(screen(), found)


def _pair(text: str) -> tuple[str, str]:
    name, sign, amount = text.partition("=")
    if not sign or not name.strip() or not amount.strip():
        raise OptionError(f"'{text}' is no activity with its amount. Write it as ferrochrome=530kt.")
    return name.strip(), amount.strip()


def _write(found: Prefill, out: Path, site: str, vintage: str) -> None:
    kinds = found.works["work"].tolist()
    if len(kinds) > 1:
        raise OptionError(f"Rows for a register are of one kind of works. Choose it with --industry: {', '.join(kinds)}.")
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in found.to_tables(kinds[0], site, vintage).items():
        frame.to_csv(out / f"{name}.csv", index=False)


def _print(console: Console, found: Prefill) -> None:
    for work in found.works.rows():
        rows = [
            [
                row["name"] + _beside(row),
                *_figures(row),
                row["unit"],
                row["low_code"] or "",
                row["grade"],
            ]
            for row in found.streams.rows()
            if row["work"] == work["work"]
        ]
        title = f"{work['name']} ({work['work']}): {work['amount']:,.0f} {work['unit']} of {work['activity'].replace('_', ' ')}"
        heads = [
            ("Stream", "left"),
            ("Low", "right"),
            ("Value", "right"),
            ("High", "right"),
            ("Unit", "left"),
            ("Code", "left"),
            ("Grade", "left"),
        ]
        print_table(console, title, heads, rows)
        for row in found.unscaled.rows():
            if row["work"] == work["work"]:
                console.print(f"  {row['name']}: {row['reason']}", markup=False, style="dim", soft_wrap=True)
        console.print()
    if len(found.works) > 1:
        console.print(
            f"{count(len(found.works), 'kind')} of works have this code: they are alternatives, choose one with --industry.",
            markup=False,
            style="dim",
        )
    console.print("Expected from works of the kind, no measurement: confirm or correct each row.", markup=False, style="dim")


def _beside(row: dict[str, Any]) -> str:
    """What a row is beside the others, so that nobody adds them."""
    if row["total"]:
        return " (total, contains others)"
    return " (instead of the row above, where a works does so)" if row["instead_of"] else ""


def _figures(row: dict[str, Any]) -> list[str]:
    return ["" if row[name] is None else f"{row[name]:,.0f}" for name in ("low", "value", "high")]
