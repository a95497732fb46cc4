"""All figures of an assessment with their lines: money and emission by term, the five figures, products, haulage, roads, organisations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.assess.sources.book import Book
from sivuvirta.assess.sources.flows import flow_lines, paid_ways, used, way_line
from sivuvirta.assess.sources.people import organisations
from sivuvirta.assess.sources.places import nodes
from sivuvirta.assess.sources.plants import Ledgers, plant_lines
from sivuvirta.assess.sources.register import Register
from sivuvirta.assess.sources.weights import weighted
from sivuvirta.assess.terms import CARBON, CASH
from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.ledger import NO_REFERENCE, Ledger
from sivuvirta.domain.traces import Line, Traced, Traces, Values
from sivuvirta.errors import ShapeError

_AGAINST = {"benefit": "Each term of today less that of the plan.", "carbon": "Each term of the plan less that of today."}
_TERMS = {"money": ("EUR/a", CASH), "carbon": ("kg CO2e/a", CARBON)}


def traces(found: Assessment) -> Traces:
    """What each figure of an assessment is made of.

    Every figure is the sum of its lines; the lines are those of the ledgers and of links, so a figure that is computed another way is
    found out by a test. Its time grows with the flows that are used, not with the arcs that could be.

    Args:
        found: an assessment.

    Returns:
        Figures by key: money/TERM and carbon/TERM, headline/FIGURE, products/PRODUCT/ROLE, transport/MODE/MEASURE, roads/ROAD,
        organisations/ORGANISATION, streams/STREAM, needs/NEED, plants/PLANT.
    """
    ledgers: Ledgers = (today(found), found.proven.planned, found.potential.planned)
    register = Register(ledgers[0].links)
    book = Book(register.links.region)
    flows = used(book, register, ledgers)
    lines = flow_lines(book, register, flows)
    running = plant_lines(book, register, ledgers)
    for _, key, line in running:
        lines.setdefault(key, []).append(line)
    nobody = np.full(len(register.links.arcs), "", dtype=object)
    ways = [way_line(book, register, way, paid) for (way, _), paid in paid_ways(ledgers, nobody).items()]
    lines.setdefault("money/transport", []).extend(ways)
    figures = [*_terms(found, lines), *_heads(found), *weighted(book, register, flows, found)]
    figures += [*organisations(book, register, flows, running, (found, ledgers)), *nodes(book, register, flows, ledgers)]
    drivers, coefficients, origins = tuple(book.drivers), tuple(book.coefficients), tuple(book.origins)
    return Traces({each.key: each for each in figures}, drivers, coefficients, origins, book.sources())


def today(found: Assessment) -> Ledger:
    """What flows today.

    Raises:
        ShapeError: the assessment has no reference, so no figure has lines of today.
    """
    if found.proven.reference is None:
        raise ShapeError(f"Nothing can be traced: {NO_REFERENCE}.")
    return found.proven.reference


def _terms(found: Assessment, lines: dict[str, list[Line]]) -> Iterable[Traced]:
    """Every term, and the sum of all."""
    for scope, (unit, terms) in _TERMS.items():
        for term in terms:
            values = states(getattr(found.proven, scope), getattr(found.potential, scope), term=term)
            yield Traced(f"{scope}/{term}", term, unit, values, tuple(lines.get(f"{scope}/{term}", ())))
        whole = np.array([states(getattr(found.proven, scope), getattr(found.potential, scope), term=term) for term in terms]).sum(axis=0)
        parts = tuple(Line(-1, -1, of=f"{scope}/{term}") for term in terms)
        yield Traced(f"{scope}/sum", "sum", unit, (float(whole[0]), float(whole[1]), float(whole[2])), parts)


def _heads(found: Assessment) -> Iterable[Traced]:
    """Worth and change of emissions: terms of a network beside those of today."""
    for key, scope, sign in (("benefit", "money", -1.0), ("carbon", "carbon", 1e-3)):
        row = found.headline[found.headline["figure"] == key].iloc[0]
        parts = tuple(Line(-1, -1, sign, f"{scope}/{term}", against=True) for term in _TERMS[scope][1])
        values = (0.0, float(row["proven"]), float(row["total"]))
        note = f"{_AGAINST[key]} {row['unknown'] or ''}".strip()
        yield Traced(f"headline/{key}", str(row["label"]), str(row["unit"]), values, parts, note=note)


def states(proven: pd.DataFrame, potential: pd.DataFrame, **key: Any) -> Values:
    """Today, proven and potential of one row of two tables; 0 where a table does not have it."""

    def at(frame: pd.DataFrame, column: str) -> float:
        rows = frame
        for name, value in key.items():
            rows = rows[rows[name] == value]
        return float(rows[column].sum())

    return max(at(proven, "reference"), at(potential, "reference"), key=abs), at(proven, "planned"), at(potential, "planned")
