"""`sivuvirta ledger`: a ledger counted, compared, added up over years, against what was realised, down to the rows behind a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd
from rich.console import Console

from sivuvirta.cli.common import ledgers
from sivuvirta.cli.common.options import json_option, scenario_option, vintage_option
from sivuvirta.cli.common.places import Place
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, screen
from sivuvirta.cli.common.writing import whole_file
from sivuvirta.domain.ledger import Ledger
from sivuvirta.errors import OptionError, UnknownNameError
from sivuvirta.ledger.algebra import accumulated, attained, cells, compared
from sivuvirta.ledger.kinds import words as kinds
from sivuvirta.ledger.realised import ledger_of, rows_behind
from sivuvirta.report.words import count, figure, span

_MOST = 40  # rows on the screen
_LESS = ", less "
_AMOUNTS = ("first", "second", "realised", "planned", "difference", "amount")
_KINDS = {
    "direct": "a stream to a need",
    "feed": "a stream to a plant",
    "deliver": "a plant to a need",
    "fate": "a stream to an outlet of today",
    "residue": "what a plant leaves, to an outlet",
    "buy": "a primary product bought for a need",
    "reagent": "a product bought for a plant",
    "pass": "a plant to another",
}
_BY = (
    "What is counted: kind, material, status, verdict, extractive (wastes of mining apart), and of one end node, site, "
    "organisation, sector, municipality. Several with "
    "commas; with --horizon period too. Without it: kind."
)
_AGAINST = "Compare with reference, proven or potential, with another vintage, with a saved plan (folder) or with another region."
_CELL = "Show the rows of the register behind one cell: its names in the order of --by, with commas."
_REALISED = "CSV of what was realised (origin, destination, amount; material and grade if known): how far the ledger was kept."


@click.command()
@click.argument("region")
@click.option("--state", type=click.Choice(ledgers.STATES), default=ledgers.REFERENCE, show_default=True, help="Today, or a plan.")
@click.option("--by", multiple=True, metavar="NAMES", help=_BY)
@click.option("--end", type=click.Choice(("origin", "destination")), default="origin", show_default=True, help="Who is counted.")
@click.option("--level", type=click.IntRange(min=0), default=0, metavar="N", help="Levels of the material tree; without it all.")
@click.option("--digits", type=click.IntRange(min=0), default=0, metavar="N", help="Digits of a sector's code; without it all.")
@click.option("--against", metavar="OTHER", help=_AGAINST)
@click.option("--realised", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE", help=_REALISED)
@click.option("--horizon", metavar="NAME", help="Plan over this horizon and add its years up.")
@click.option("--cell", metavar="NAMES", help=_CELL)
@click.option("--out", type=Place(folder=False, endings=(".csv",)), metavar="FILE", help="Write the table there (CSV).")
@vintage_option
@scenario_option
@json_option
def ledger(region: str, as_json: bool, out: Path | None, **asked: Any) -> None:
    """Count the flows of REGION by site, organisation, sector, municipality or material; compare, add up, lead to the rows behind.

    REGION may be the folder of a saved plan too.
    """
    if sum(asked[name] is not None for name in ("against", "realised", "horizon")) > 1:
        raise OptionError("A ledger is compared, set against what was realised, or added up over a horizon: ask for one of them.")
    if asked["horizon"] is not None and (asked["vintage"] is not None or ledgers.is_saved(region)):
        raise OptionError("A horizon has years of its own: it is asked of a region, without a vintage.")
    by = ledgers.dimensions(asked["by"], asked["end"], over_years=asked["horizon"] is not None)
    title, found, behind = _found(region, by, asked, quiet=as_json)
    rows = None if asked["cell"] is None else _behind(found, by, asked["cell"], behind)
    if out is not None:
        with whole_file(out) as place:
            found.drop(columns=[name for name in found.columns if name.startswith("arcs")]).to_csv(place, index=False)
    if as_json:
        told = {"region": region, "title": title, "by": list(by), "kinds": _kinds(behind), "cells": frame_rows(found)}
        print_json({**told, "rows": None if rows is None else frame_rows(rows), "written": None if out is None else str(out)})
        return
    console = screen()
    _print(console, title, found.assign(**_named(found, by, behind)), by, _sides(title))
    for sentence in _kinds(behind):
        console.print(sentence, markup=False, soft_wrap=True, style="dim")
    if rows is not None:
        _print_rows(console, asked["cell"], rows)
    if out is not None:
        console.print(f"Table: {out}", markup=False, soft_wrap=True)


_Behind = dict[str, Sequence[Ledger]]  # by column of arcs: the ledger, or those of several years


def _found(region: str, by: tuple[str, ...], asked: dict[str, Any], *, quiet: bool) -> tuple[str, pd.DataFrame, _Behind]:
    """Title, table, and the ledgers that its columns of arcs speak of."""
    levels = {"material_level": asked["level"], "nace_digits": asked["digits"]}
    state, scenarios = asked["state"], asked["scenarios"]
    if asked["horizon"] is not None:
        title, parts = ledgers.years(region, state, asked["horizon"], scenarios, quiet=quiet)
        return title, accumulated(parts, by, **levels), {"arcs": [part[1] for part in parts]}
    first = ledgers.side(region, state, asked["vintage"], scenarios, quiet=quiet)
    if asked["realised"] is not None:
        done = ledger_of(first.ledger.links, ledgers.flows(asked["realised"]))
        found = attained(done, first.ledger, by, **levels)
        return f"Realised against {first.title}", found, {"arcs_realised": [done], "arcs_planned": [first.ledger]}
    if asked["against"] is None:
        return first.title, cells(first.ledger, by, **levels), {"arcs": [first.ledger]}
    second = ledgers.other(region, asked["against"], (state, asked["vintage"]), scenarios, quiet=quiet)
    found = compared(first.ledger, second.ledger, by, **levels)
    return f"{first.title}{_LESS}{second.title}", found, {"arcs_first": [first.ledger], "arcs_second": [second.ledger]}


def _sides(title: str) -> dict[str, str]:
    """What the two columns of a comparison are called: what tells one title from the other."""
    first, _, second = (part.split(", ") for part in title.partition(_LESS))
    if len(first) != len(second):
        return {}
    apart = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    return dict(zip(("first", "second"), (", ".join(parts) for parts in zip(*apart, strict=True)), strict=False))


def _kinds(behind: _Behind) -> list[str]:
    """What the tonnes of the registers behind a table are."""
    regions = {id(one.links.region): one.links.region for several in behind.values() for one in several}
    flows = "Amounts of solids are tonnes dry; extractive waste and rock are in them: --by extractive counts them apart."
    return list(dict.fromkeys([flows, *(sentence for region in regions.values() for sentence in kinds(region))]))


def _named(found: pd.DataFrame, by: tuple[str, ...], behind: _Behind) -> dict[str, list[str]]:
    """Sites and organisations by their names, with the key that --cell asks for where it is another word."""
    told = {}
    for dimension in by:
        table = dimension.rpartition(".")[2]
        if table not in ("site", "organisation"):
            continue
        regions = [one.links.region for several in behind.values() for one in several]
        names = {str(row[table]): str(row["name"] or "") for region in regions for row in region.table(f"{table}s").rows()}
        told[dimension] = [f"{names[key]} ({key})" if names.get(key) else key for key in found[dimension].astype(str)]
    return told


def _behind(found: pd.DataFrame, by: tuple[str, ...], cell: str, behind: _Behind) -> pd.DataFrame:
    """Rows of the register behind a cell."""
    names = [part.strip() for part in cell.split(",")]
    if len(names) != len(by):
        raise OptionError(f"A cell is named by {', '.join(by)}: {len(by)} names, not {len(names)}.")
    hit = (found[list(by)].astype(str) == names).all(axis=1)
    if not hit.any():
        some = "; ".join(",".join(map(str, row)) for row in found[list(by)].head(8).to_numpy())
        raise UnknownNameError(f"The ledger has no cell '{cell}'. It has: {some}{' …' if len(found) > 8 else ''}.")
    parts = []
    for column, several in behind.items():
        arcs = [arc for row in found.loc[hit, column] for arc in row]
        pairs = [arc if isinstance(arc, tuple) else (0, arc) for arc in arcs]
        for position, one in enumerate(several):
            rows = rows_behind(one.links, [arc for at, arc in pairs if at == position])
            parts.append(rows.assign(ledger=column.removeprefix("arcs_") if len(behind) > 1 else one.links.region.vintage or ""))
    return pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)


def _print(console: Console, title: str, found: pd.DataFrame, by: tuple[str, ...], sides: Mapping[str, str]) -> None:
    amounts = [name for name in _AMOUNTS if name in found.columns]
    shown = found.reindex(found[amounts[-1]].abs().sort_values(ascending=False, kind="stable").index).head(_MOST)
    ranged = "low" in found.columns
    heads = [(name, "left") for name in by] + [(sides.get(name, name), "right") for name in amounts]
    heads += (
        [("range of the difference" if "difference" in amounts else "range", "right"), ("grade", "left")]
        if ranged
        else [("state", "left")]
        if "state" in found.columns
        else []
    )
    rows = []
    for row in frame_rows(shown):
        told = [str(row[name]) for name in by] + [figure(row[name], row["unit"], sign=name == "difference").full for name in amounts]
        last = [span(row["low"], row["high"], row["unit"]), row["grade"]] if ranged else [row["state"]] if "state" in row else []
        rows.append(told + last)
    print_table(console, title, heads, rows)
    kinds = [word for word in _KINDS if "kind" in by and (shown["kind"] == word).any()]
    if kinds:
        console.print(f"Kinds: {'; '.join(f'{word}, {_KINDS[word]}' for word in kinds)}.", markup=False, soft_wrap=True, style="dim")
    for sentence in dict.fromkeys(shown["unknown"].loc[lambda told: told != ""]) if ranged else ():
        console.print(sentence, markup=False, soft_wrap=True, style="dim")
    if len(found) > len(shown):
        console.print(f"The {len(shown)} largest of {count(len(found), 'cell')}; --out or --json has all.", style="dim")


def _print_rows(console: Console, cell: str, rows: pd.DataFrame) -> None:
    heads = [(name, "left") for name in ("ledger", "table", "key", "says", "grade", "source", "citation")]
    print_table(console, f"Behind {cell}", heads, [[str(row[name]) for name, _ in heads] for row in frame_rows(rows)])
