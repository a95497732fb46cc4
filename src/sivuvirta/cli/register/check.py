"""`sivuvirta check`: every problem of a region's data, grouped by file."""

from __future__ import annotations

import click

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option, region_argument, scenario_option
from sivuvirta.cli.common.problems import MOST, shortened
from sivuvirta.cli.common.screen import print_json, problem_rows, progress, screen
from sivuvirta.report.words import count


@click.command()
@region_argument
@click.option("--all", "every", is_flag=True, help="Print every problem, also where there are more than 20 of one kind.")
@scenario_option
@json_option
@click.pass_context
def check(ctx: click.Context, region: str, every: bool, scenarios: tuple[str, ...], as_json: bool) -> None:
    """List every problem in the data of REGION, with its place and repair.

    Exit code 0 if there is no error (warnings are shown), 1 if there is one.
    """
    with progress(f"Checking {region} …", quiet=as_json):
        problems = verbs.check(region, scenarios)
    errors = [problem for problem in problems if problem.level == "error"]
    warnings = [problem for problem in problems if problem.level != "error"]
    if as_json:
        told = {"region": region, "scenarios": list(scenarios)}
        print_json({**told, "errors": len(errors), "warnings": len(warnings), "problems": problem_rows(problems)})
        ctx.exit(1 if errors else 0)
    console = screen()
    for heading, group in (("Errors", errors), ("Warnings", warnings)):
        if group:
            console.print(f"[bold]{heading}[/bold]")
            text = shortened(group, "--json lists all, or --all", None if every else MOST)
            console.print(text, markup=False, soft_wrap=True)
    console.print(f"{region}: {count(len(errors), 'error')}, {count(len(warnings), 'warning')}.", markup=False)
    ctx.exit(1 if errors else 0)
