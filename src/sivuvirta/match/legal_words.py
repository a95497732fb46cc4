"""Legal paths in words: what the law asks of one route, step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.law import LegalPath, LegalStep
from sivuvirta.domain.links import Floats, Texts
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.errors import OptionError
from sivuvirta.links.codes import grade_codes
from sivuvirta.match.explainer import explainer
from sivuvirta.match.grounds import grounds
from sivuvirta.match.legal import Law, law
from sivuvirta.match.other_texts import law_check
from sivuvirta.match.ways import ways_of
from sivuvirta.match.words import number

SUBJECTS = ("use", "shipment", "shipment", "receiver")
"""What the answers of the law are about, in their order."""

STATUS_KINDS = ("product", "by_product", "end_of_waste")
"""Kinds of path that are about the status."""


def legal_path(matches: Matches, route: int) -> LegalPath:
    """How one route may lawfully run: the path with the least doubt, then the shortest time, with every step that it takes.

    Args:
        matches: the routes.
        route: position in them.

    Returns:
        The path with its steps. The software screens; a person decides.

    Raises:
        OptionError: it is a route of several steps, whose legal path is that of each step.
    """
    if route >= len(matches.routes):
        raise OptionError("The legal path of a route of several steps is that of each step: ask for the routes through one plant.")
    known = explainer(matches)
    found, region = known.legal(route), matches.links.region
    check = law_check(known.subject(route), found)
    answers = found.answers(0)
    taken: dict[int, LegalStep] = {}
    for subject, answer in zip(SUBJECTS, answers, strict=False):
        for row, held in answer.steps:
            taken.setdefault(row, _step(region.table("legal_paths"), row, _subject(region, row, subject), held=held))
    duties = tuple(_step(region.table("legal_paths"), row, "product", held=False) for row in answers[0].duties)
    permit, path = int(found.permit[0]), int(found.path[0])
    permits = region.table("permits")
    return LegalPath(
        route=route,
        day=region.day,
        verdict=Verdict(int(found.opinion.verdict[0])),
        text=check.text,
        path=None if path < 0 else region.table("legal_paths")["path"][path],
        steps=tuple(taken.values()),
        duties=duties,
        lead_low=float(found.lead_low[0]),
        lead_high=float(found.lead_high[0]),
        lawful_max=float(found.most[0]),
        permit=None if permit < 0 else permits["permit"][permit],
        storage_max=float("nan") if permit < 0 else float(permits["storage"][permit]),
    )


def brief(path: LegalPath) -> str:
    """What must still be done, in a few words: kinds of step with authority and time; empty where nothing is known to be wanting."""
    wanting = [step for step in path.steps if not step.held]
    parts = [f"{kind_name(step.kind)} ({step.authority}), {months(step.lead_low, step.lead_high)}" for step in wanting]
    return "; ".join(parts)


def kind_name(kind: str) -> str:
    """A kind of path in words.

    >>> kind_name("notification"), kind_name("by_product")
    ('notification', 'by-product status')
    """
    return _KINDS.get(kind, kind.replace("_", " "))


def lawful_max(matches: Matches) -> Floats:
    """Most that the path and the receiver's permit let in of each route, t/a as sent; inf where they do not limit it. Shape (routes,).

    A permit's tonnes are one sum for all routes under it.
    """
    return _law(matches, slice(None)).most


def legal_columns(matches: Matches, rows: Any) -> dict[str, Texts | Floats]:
    """Kind and authority of the path of some routes, and months until it may begin.

    Args:
        matches: the routes.
        rows: positions in them.
    """
    found, table = _law(matches, rows), matches.links.region.table("legal_paths")
    return {
        "legal_kind": np.append(table["kind"], [None])[found.path],
        "authority": np.append(table["authority"], [None])[found.path],
        "lead_low": found.lead_low,
        "lead_high": found.lead_high,
    }


def months(low: float, high: float) -> str:
    """A lead time in words.

    >>> months(1, 2), months(6, 6), months(0, 0), months(float("nan"), 3)
    ('1 to 2 months', '6 months', 'no time', 'a time that is not known')
    """
    if np.isnan(low) or np.isnan(high):
        return "a time that is not known"
    if high == 0:
        return "no time"
    text = number(high) if number(low) == number(high) else f"{number(low)} to {number(high)}"
    return f"{text} month{'s' if text != '1' else ''}"


def _law(matches: Matches, rows: Any) -> Law:
    known = grounds(matches.links)
    return law(matches.links, known.streams, known.needs, ways_of(matches.routes, matches.links, rows))


def _subject(region: Region, row: int, subject: str) -> str:
    return "status" if subject == "use" and region.table("legal_paths")["kind"][row] in STATUS_KINDS else subject


_TEXTS = ("path", "kind", "regulation", "section", "jurisdiction", "authority", "applicant", "asks_for", "leads_to")
_SIGNED = ("signed_off_by", "signed_off_on", "source")


def _step(table: Table, row: int, subject: str, *, held: bool) -> LegalStep:
    cell = {name: column[row] for name, column in table.columns.items()}
    text = {name: "" if pd.isna(cell[name]) else str(cell[name]) for name in (*_TEXTS, *_SIGNED)}
    low, high = (0.0, 0.0) if held else (float(cell["lead_low"]), float(cell["lead_high"]))
    grade, lead_grade = (Grade(int(code)) for code in grade_codes([cell["grade"], cell["lead_grade"]]))
    by_decision, verified = cell["by_decision"] is not False, cell["verified"] is True
    return LegalStep(
        subject=subject,
        path=text["path"],
        kind=text["kind"],
        regulation=text["regulation"],
        section=text["section"],
        jurisdiction=text["jurisdiction"],
        authority=text["authority"],
        applicant=text["applicant"],
        asks_for=text["asks_for"],
        leads_to=text["leads_to"],
        by_decision=by_decision,
        held=held,
        lead_low=low,
        lead_high=high,
        lead_grade=lead_grade,
        fee_low=float(cell["fee_low"]),
        fee_high=float(cell["fee_high"]),
        quantity_max=float(cell["quantity_max"]),
        amount_max=float(cell["amount_max"]),
        signed_off_by=text["signed_off_by"],
        signed_off_on=text["signed_off_on"],
        verified=verified,
        grade=grade,
        source=text["source"],
        text=_said(text, grade, (low, high), (by_decision, held, verified)),
    )


_KINDS = {"reach": "duty under REACH", "by_product": "by-product status", "end_of_waste": "end of waste", "product": "product status"}
"""Kinds of path in words, where the word alone does not say it."""


def _said(text: dict[str, str], grade: Grade, lead: tuple[float, float], state: tuple[bool, bool, bool]) -> str:
    by_decision, held, verified = state
    kind, regulation = kind_name(text["kind"]), ", ".join(filter(None, (text["regulation"], text["section"])))
    read = "" if verified else ", not read in the law"
    signed = f"signed off by {text['signed_off_by']} on {text['signed_off_on']}" if text["signed_off_by"] else "nobody has signed it off"
    head = f"{kind[:1].upper()}{kind[1:]} by {regulation} (path {text['path']}, grade {grade.name}{read})"
    if held:
        return f"{head}: it is there already; {signed}."
    who = text["authority"] or "not known who"
    decides = f"a decision by {who}" if by_decision else f"no decision is needed ({who})"
    asks = f" Hand in: {text['asks_for'][:1].lower()}{text['asks_for'][1:]}." if text["asks_for"] else ""
    return f"{head}: {decides}, {months(*lead)}; {signed}.{asks}"
