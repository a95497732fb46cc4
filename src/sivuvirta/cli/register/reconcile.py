"""`sivuvirta reconcile`: do the sources agree, what moved, and who is suspect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd
from rich.console import Console

from sivuvirta import library, verbs
from sivuvirta.cli.common.options import json_option, vintage_option
from sivuvirta.cli.common.places import Place
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.common.study import load, titled
from sivuvirta.cli.common.writing import whole_file
from sivuvirta.domain.reconciliations import ReconcileOptions, Reconciliation
from sivuvirta.ledger.reconcile.stan import outside, read_stan, write_stan
from sivuvirta.ledger.reconcile.table import reconcile_rows
from sivuvirta.report.sections.agreement import contradictions, lone, suspicions, verdict
from sivuvirta.report.words import figure

_NOTES = ("sheets", "columns", "rows", "units", "ends", "lone", "exact", "stocks")  # what is told of how figures were read
_DEVIATION = "±: one standard deviation, from a range, a statement or the evidence grade; 5 to 95 % of a normal figure are 1.645 of them."
_MOST = 30  # rows of a table on the screen


@click.command()
@click.argument("region", required=False)
@click.option(
    "--stan",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Reconcile a workbook of flows and processes instead of a region (sheets flows, processes, transfer coefficients, relations).",
)
@click.option("--xlsx", type=Place(folder=False, endings=(".xlsx",)), metavar="FILE", help="Write all tables to this workbook.")
@vintage_option
@json_option
def reconcile(region: str | None, stan: Path | None, xlsx: Path | None, vintage: str | None, as_json: bool) -> None:
    """Weigh what the sources of REGION say against each other and its balances: what moves, by how much, which figure is suspect."""
    if (region is None) == (stan is None):
        raise click.UsageError("Name a region, or a workbook with --stan, and not both.")
    with progress("Weighing the sources …", quiet=as_json):
        opened = None if region is None else load(region, vintage)
        found = _of_workbook(stan, vintage) if opened is None else verbs.reconcile(opened)
    if xlsx is not None:
        with whole_file(xlsx) as place:
            write_stan(found, place)
    if as_json:
        print_json(_body(found) | ({"written": str(xlsx), "not_in_stan": outside(found)} if xlsx else {}))
        return
    _print(screen(), found.name if opened is None else titled(opened), found)
    if xlsx is not None:
        screen().print(f"Tables: {xlsx}", markup=False, soft_wrap=True)
        if left := outside(found):
            counts = ", ".join(f"{count} {what if count > 1 else what[:-1]}" for what, count in left.items())
            sentence = f"STAN has no place for {counts}: they are in the sheets 'not in STAN, ...', which --stan reads again."
            screen().print(sentence, markup=False, soft_wrap=True)


def _of_workbook(path: Path | None, period: str | None) -> Reconciliation:
    if path is None:
        raise click.UsageError("Name a workbook with --stan.")
    table = library.tables()["uncertainties"]
    shares = {str(row["evidence"]): float(row["cv"]) / 100.0 for row in table.rows()}
    return reconcile_rows(read_stan(path, period or ""), path.stem, ReconcileOptions(), shares)


def _body(found: Reconciliation) -> dict[str, Any]:
    test = {"statistic": found.statistic, "freedom": found.freedom, "critical": found.critical, "probability": found.probability}
    return {
        "region": found.name,
        "vintage": found.vintage,
        "test": {**test, "level": found.level, "passed": found.passed},
        "quantities": frame_rows(found.quantities),
        "statements": frame_rows(found.statements),
        "balances": frame_rows(found.balances),
        "suspects": frame_rows(found.suspects),
        "notes": dict(found.notes),
    }


def _print(console: Console, title: str, found: Reconciliation) -> None:
    """What was checked, the statements of what has several, balances, suspects, and the test in a sentence."""
    quantities, balances = found.quantities, found.balances
    checked = quantities[
        quantities["known"].isin(["measured, checked", "computed"]) & quantities["kind"].isin(["flow", "production", "stock", "component"])
    ]
    checked = checked.sort_values("moved_sigma", key=lambda column: column.abs(), ascending=False, na_position="last", kind="stable")
    if len(checked):
        print_table(console, f"{title}: what the balances check", _QUANTITY, [_quantity(row) for row in checked.head(_MOST).itertuples()])
        _more(console, len(checked))
    else:
        console.print(f"{title}: no balance checks a figure.", markup=False, soft_wrap=True)
    several = found.statements[found.statements["name"].isin(quantities.loc[quantities["statements"] > 1, "name"])]
    if len(several):
        label = dict(zip(quantities["name"], quantities["label"], strict=True))
        unit = dict(zip(quantities["name"], quantities["unit"], strict=True))
        rows = [_statement(row, label[row.name], unit[row.name]) for row in _largest(several, "residual_sigma").itertuples(index=False)]
        print_table(console, "Sources that speak of one quantity", _STATEMENT, rows)
        _more(console, len(several))
    if len(balances):
        print_table(console, "Balances", _BALANCE, [_balance(row) for row in _largest(balances, "before_sigma").itertuples(index=False)])
        _more(console, len(balances))
    if len(checked) or len(several) or len(balances):
        console.print(_DEVIATION, markup=False, soft_wrap=True, style="dim")
    for sentence in (*contradictions(found), *suspicions(found), *lone(found)):
        console.print(sentence, markup=False, soft_wrap=True)
    for topic in _NOTES:
        if topic in found.notes:
            console.print(found.notes[topic], markup=False, soft_wrap=True)
    counts = ", ".join(f"{count} {words}" for words, count in quantities["known"].value_counts().items())
    console.print(f"{verdict(found)} {counts}.", markup=False, soft_wrap=True)


def _largest(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rows that the screen has room for: all, or those that are largest in a column."""
    if len(rows) <= _MOST:
        return rows
    return rows.sort_values(column, key=lambda values: values.abs(), ascending=False, na_position="last", kind="stable").head(_MOST)


def _more(console: Console, total: int) -> None:
    if total > _MOST:
        console.print(f"The {_MOST} largest of {total}; --json or --xlsx FILE has all.", style="dim")


_QUANTITY = [
    ("Quantity", "left"),
    *((head, "right") for head in ("Stated", "±", "Reconciled", "± after", "Moved by ±")),
    ("", "left"),
    ("Grade", "left"),
]
_STATEMENT = [
    ("Quantity", "left"),
    ("Source", "left"),
    ("States", "right"),
    ("±", "right"),
    ("Weight", "right"),
    ("Off by ±", "right"),
    ("", "left"),
]
_BALANCE = [("Balance", "left"), ("Open before", "right"), ("by ±", "right"), ("Grade", "left")]


def _amount(value: float, unit: str) -> str:
    return "" if pd.isna(value) else figure(float(value), unit).text


def _times(value: float) -> str:
    return "" if pd.isna(value) else f"{round(value, 1) + 0.0:+.1f}"


def _quantity(row: Any) -> list[str]:
    mark = "suspect" if row.suspect else "computed" if row.known == "computed" else "at its bound" if row.bounded else ""
    mark = ", ".join(part for part in (mark, f"± {row.widened:.1f} times wider" if row.widened > 1 else "") if part)
    amounts = [_amount(getattr(row, name), row.unit) for name in ("measured", "sigma", "reconciled", "sd")]
    return [row.label, *amounts, _times(row.moved_sigma), mark, row.grade]


def _statement(row: Any, label: str, unit: str) -> list[str]:
    mark = "suspect" if row.suspect else ""
    return [label, row.source, _amount(row.value, unit), _amount(row.sigma, unit), f"{row.weight:.0%}", _times(row.residual_sigma), mark]


def _balance(row: Any) -> list[str]:
    return [row.title or row.balance, _amount(row.before, row.unit), _times(row.before_sigma), row.grade]
