"""`sivuvirta evaluate`: how well receivers are guessed, beside simpler ways to guess."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.domain.evaluations import Evaluation
from sivuvirta.domain.table import Table
from sivuvirta.report.words import count
from sivuvirta.suggest.evaluation import MEASURES, markdown

_SHOWN = 10  # rows that cannot be judged, printed at most


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--published", is_flag=True, help="Let the library's own exchanges help too; they may be the very ones judged.")
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Of the samples that the intervals are made of.")
@click.option("--markdown", "as_page", is_flag=True, help="Print tables in Markdown, for a page.")
@json_option
def evaluate(files: tuple[Path, ...], published: bool, seed: int, as_page: bool, as_json: bool) -> None:
    """Judge suggestions by the exchanges of FILES, each case left out in turn, beside simpler ways to guess.

    A file is CSV with case_id, text and receiver_nace; donor_nace, low_code and use help. Several receivers of a row are parted by ';'.
    Rows whose status is failed or refused are not judged; they count against their receiver in other cases.
    """
    with progress("Leaving out case after case …", quiet=as_json) as status:
        found = verbs.evaluate(
            list(files),
            published=published,
            seed=seed,
            progress=(lambda done, total: status.update(f"Case {done} of {total}")) if status is not None else None,
        )
    if as_json:
        tables = {name: frame_rows(getattr(found, name).to_frame()) for name in ("scores", "differences", "unjudged")}
        head = {
            "files": list(found.files),
            "revision": found.revision,
            "exchanges": found.exchanges,
            "cases": found.cases,
            "notes": list(found.notes),
        }
        print_json({**head, "best_baselines": {str(digits): name for digits, name in found.best_baselines.items()}, **tables})
    elif as_page:
        click.echo(markdown(found))
    else:
        _print(screen(), found)


def _print(console: Console, found: Evaluation) -> None:
    title = f"{count(found.exchanges, 'exchange')} of {count(found.cases, 'case')}, NACE Rev. {found.revision}"
    console.print(title, markup=False, style="bold")
    for note in found.notes:
        console.print(note, markup=False, style="yellow", soft_wrap=True)
    for digits in sorted(set(found.scores["digits"].tolist()), reverse=True):
        _table(console, f"{digits} digits, with 95 % intervals by case", found.scores, digits, "")
        _table(console, f"Less {found.best_baselines[digits]}, paired", found.differences, digits, "+")
    if len(found.unjudged):
        console.print(f"{count(len(found.unjudged), 'row')} cannot be judged:", markup=False, style="bold")
        for row in list(found.unjudged.rows())[:_SHOWN]:
            console.print(f"  {row['file']}, row {row['row']}: {row['reason']}", markup=False, soft_wrap=True)
        if len(found.unjudged) > _SHOWN:
            console.print("  … --json lists all", markup=False)


def _table(console: Console, title: str, table: Table, digits: int, sign: str) -> None:
    rows = []
    for method in dict.fromkeys(table["method"].tolist()):
        cells = [table.index[method, digits, measure] for measure in MEASURES]
        rows.append(
            [method, *(f"{table['value'][row]:{sign}.3f} ({table['low'][row]:{sign}.2f}…{table['high'][row]:{sign}.2f})" for row in cells)]
        )
    print_table(console, title, [("Method", "left"), *((measure, "right") for measure in MEASURES)], rows)
    console.print()
