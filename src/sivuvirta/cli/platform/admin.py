"""`sivuvirta admin`: what an administrator does at the server itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option, region_argument
from sivuvirta.cli.common.screen import print_json, screen
from sivuvirta.cli.platform.door import there
from sivuvirta.errors import OptionError


@click.group()
def admin() -> None:
    """Look after the platform: accounts, regions, folders of deliveries, its settings, and what is over."""


@admin.command()
@click.argument("email")
@click.option(
    "--role", default="administrator", show_default=True, metavar="WORD", help="member, expert, facilitator, authority or administrator."
)
@click.option("--name", default="", metavar="TEXT", help="Name of the person.")
@click.option("--new", is_flag=True, help="Make a new database where there is none.")
def create(email: str, role: str, name: str, new: bool) -> None:
    """Make an account for EMAIL, or give the one that is there a new role and password; the password is printed once.

    It says in which database; where there is none yet, it makes one with --new alone.
    """
    if role not in ("member", "expert", "facilitator", "authority", "administrator"):
        raise OptionError(f"There is no role '{role}'. There are member, expert, facilitator, authority and administrator.")
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@"):
        raise OptionError(f"'{email}' is no e-mail address.")
    login = there(new=new).account(email, role, name)
    screen().print(f"{login.email} is {login.role}. Password: {login.password}", markup=False)


@admin.command()
@region_argument
@click.option("--new", is_flag=True, help="Make a new database where there is none.")
def load(region: str, new: bool) -> None:
    """Put REGION into the register of the platform: a bundled name, a folder, an .xlsx workbook or a .parquet folder."""
    found = verbs.load(region)
    if not there(new=new).load(found, "command"):
        raise OptionError(f"There is a region '{found.name}' in the register already.")
    screen().print(f"{found.title or found.name} is in the register.", markup=False)


@admin.command()
@click.argument("region")
@click.argument("target", type=click.Path(path_type=Path), metavar="FOLDER|FILE.zip|FILE.xlsx")
@json_option
def export(region: str, target: Path, as_json: bool) -> None:
    """Write the register of REGION whole, with who sees what, as a data package or a workbook that every other command reads.

    It holds what organisations keep private: keep it as safe as the database.
    """
    counts = there().export(region, target)
    if as_json:
        print_json({"region": region, "path": str(target), "rows": counts})
        return
    screen().print(f"{region} is in {target}: {sum(counts.values()):,} rows of {len(counts)} tables.", markup=False, soft_wrap=True)


@admin.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--source", required=True, metavar="NAME", help="Source, as made on the page of imports; its organisation's exchanges are written."
)
@click.option("--register", metavar="NAME", help="Register of the source, where several have one of that name.")
@click.option(
    "--every", type=click.FloatRange(0.1, 3600), default=10.0, show_default=True, metavar="SECONDS", help="Time between two looks."
)
@click.option("--once", is_flag=True, help="Look twice, so that complete files are taken in, and end.")
def watch(folder: Path, source: str, register: str | None, every: float, once: bool) -> None:
    """Take in the files that other programs put into FOLDER: exchanges as CSV, JSON or a workbook.

    A file that still grows is left. What was kept goes to FOLDER/kept; what cannot be kept goes to FOLDER/set_aside, with a report.
    """
    console = screen()
    there().watch(folder, source, register, every, once=once, tell=lambda text: console.print(text, markup=False))


@admin.command()
@click.option("--repair", is_flag=True, help="Give rows that another organisation holds than what they belong to, to that one.")
def check(repair: bool) -> None:
    """Tell whether the platform may be reached by others: its settings, as Django judges a deployment, and its database.

    It names rows that another organisation holds than what they belong to, which earlier versions could leave so.
    """
    door = there()
    if repair:
        screen().print(f"{door.settle():,} rows were given to whom they belong.", markup=False)
    faults = door.check()
    for fault in faults:
        screen(err=True).print(fault, markup=False, soft_wrap=True)
    if faults:
        raise click.exceptions.Exit(1)
    screen().print("The platform may be reached by others: its settings are safe and its database answers.", markup=False)


@admin.command()
@click.option(
    "--days", type=click.IntRange(1), default=90, show_default=True, metavar="N", help="Days that things are kept after they are over."
)
@click.option("--log-years", type=click.IntRange(1), metavar="N", help="Erase people from entries of the log older than N years, too.")
@click.option("--yes", is_flag=True, help="Clear them away; without it they are only told.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def tidy(days: int, log_years: int | None, yes: bool, as_json: bool) -> None:
    """Tell what is over and may be cleared away: sessions, invitations, results of tasks, files that nothing names."""
    found = there().tidy(days, log_years, clear=yes)
    if as_json:
        print_json({"cleared": yes, "days": days, "found": [{"what": waste.words, "count": waste.count} for waste in found]})
        return
    for waste in found:
        screen().print(f"{waste.count:>9,}  {waste.words}", markup=False)
    screen().print("Cleared away." if yes else "Nothing was cleared away: say --yes to do it.", markup=False)


@admin.command()
@click.option("--who", default="", metavar="TEXT", help="Part of the name or address of the person.")
@click.option("--register", default="", metavar="NAME", help="Region.")
@click.option("--table", default="", metavar="NAME", help="Table, for example streams.")
@click.option("--key", default="", metavar="KEY", help="Key of the row, also of one that is gone.")
@click.option("--action", default="", metavar="WORD", help="add, change, remove, load, see, take ...")
@click.option("--channel", default="", metavar="WORD", help="web, api, command or job.")
@click.option("--request", default="", metavar="ID", help="Request, as the server's log and the head X-Request-ID name it.")
@click.option("--since", type=click.DateTime(("%Y-%m-%d",)), help="First day, for example 2026-11-01.")
@click.option("--until", type=click.DateTime(("%Y-%m-%d",)), help="Last day.")
@click.option("--most", type=click.IntRange(1), default=50, show_default=True, metavar="N", help="How many, the newest first.")
@json_option
def log(most: int, as_json: bool, **asked: Any) -> None:
    """Print the log of changes: who did what to which row, when, by which request, before and after.

    It tells what organisations keep private: keep it as safe as the database.
    """
    given = {name: value.strftime("%Y-%m-%d") if isinstance(value, datetime) else value for name, value in asked.items() if value}
    found = there().log(given, most)
    if as_json:
        print_json({"entries": [{**each, "at": each["at"].isoformat()} for each in found]})
        return
    for each in found:
        place = " ".join(part for part in (each["register"], each["table"], each["key"]) if part)
        way = " ".join(part for part in (each["channel"], each["request"]) if part)
        screen().print(f"{each['at']:%Y-%m-%d %H:%M:%S} {each['who']}: {each['action']} {place} ({way})", markup=False, soft_wrap=True)
        before, after = each["before"] or {}, each["after"] or {}
        for name in dict.fromkeys((*before, *after)):
            screen().print(f"    {name}: {before.get(name, '')} -> {after.get(name, '')}", markup=False, soft_wrap=True)
    if not found:
        screen().print("The log has no such entry.", markup=False)
