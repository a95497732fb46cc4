"""Keeping plans: saved in a folder and opened again, and their programs written for other solvers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sivuvirta import library
from sivuvirta.domain.plans import Plan, PlanOptions
from sivuvirta.errors import OptionError
from sivuvirta.links import build
from sivuvirta.lp.files import write_lp, write_mps
from sivuvirta.match.chains import with_chains
from sivuvirta.match.judge import match as judge
from sivuvirta.plan.explain.latex import latex
from sivuvirta.plan.program.families import program
from sivuvirta.plan.program.objective import UNITS
from sivuvirta.plan.saved import read, reopened
from sivuvirta.tables import load as load_tables
from sivuvirta.verbs.network import match
from sivuvirta.verbs.sources import Source, changed

_WRITERS = {".mps": write_mps, ".lp": write_lp}
_EQUATIONS = ".tex"

ENDINGS = (*_WRITERS, _EQUATIONS)
"""Endings of files that `export` writes."""


def reopen(path: str | Path) -> Plan:
    """Open a plan that was saved: its region is read, linked and judged again, its flows and figures are those of the day.

    Args:
        path: folder that `save` has written.

    Raises:
        CheckError: its region has been changed and has problems.
        ReadError: there is no saved plan, or this version of the engine finds other routes.
    """
    saved = read(Path(path))
    region = saved.dated(load_tables(saved.region, library.tables()))
    matches = judge(build(region))
    return reopened(saved, with_chains(matches, saved.steps) if saved.steps > 1 else matches)


def export(source: Source | Plan, path: str | Path, options: PlanOptions | None = None, **changes: Any) -> Path:
    """Write the program of a plan, on potential evidence: MPS or LP for another solver, or its equations as LaTeX.

    Args:
        source: a region by name, path or record, its links, its matches, or a plan; of a plan its options are taken.
        path: a file that ends in .mps, .lp or .tex; missing parent folders are made.
        options: what is asked for.
        changes: single options by name.

    Returns:
        Where it was written.

    Raises:
        OptionError: the path ends otherwise, or an option cannot have that value.
    """
    place = Path(path)
    ending = place.suffix.lower()
    if ending not in ENDINGS:
        raise OptionError(f"'{place.name}' ends in no format of programs. Write a name that ends in .mps, .lp or .tex.")
    given = source.options if isinstance(source, Plan) else PlanOptions()
    chosen = changed(options or given, changes, "export")
    matches = source.matches if isinstance(source, Plan) else match(source)
    at = program(matches, chosen)
    place.parent.mkdir(parents=True, exist_ok=True)
    if ending == _EQUATIONS:
        place.write_text(latex(at), encoding="utf-8")
        return place
    notes = [
        f"Plan of {matches.links.region.title or matches.links.region.name}, {matches.links.region.vintage}, on potential evidence.",
        f"Minimises {chosen.objective}, {UNITS[chosen.objective]} a year. Flows in t dry, MWh or m3 a year.",
    ]
    return _WRITERS[ending](at.lp, place, notes)
