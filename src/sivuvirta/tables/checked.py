"""A draft of raw tables with every problem of it, and what of a draft becomes a region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from sivuvirta.domain.table import Table
from sivuvirta.errors import CheckError, Problem
from sivuvirta.tables.amounts import derived_amounts
from sivuvirta.tables.draft import Draft, ordered
from sivuvirta.tables.raw import RawRegion
from sivuvirta.tables.row_units import canonical_units
from sivuvirta.tables.rules import broken_rules
from sivuvirta.tables.schema import region_tables
from sivuvirta.tables.typed_tables import typed_tables


def checked(raw: RawRegion, library: Mapping[str, Table]) -> tuple[Draft, list[Problem]]:
    """A region's tables, typed, in canonical units, and all that is wrong with them, errors and warnings."""
    draft, found = typed_tables(raw, region_tables(), library)
    draft, units = canonical_units(draft)
    draft, amounts = derived_amounts(draft)
    return draft, ordered([*found, *units, *amounts, *broken_rules(draft)])


def raise_errors(found: Iterable[Problem]) -> None:
    """Nothing, if there are warnings at most.

    Raises:
        CheckError: there are errors; it holds all of them.
    """
    errors = [problem for problem in found if problem.level == "error"]
    if errors:
        raise CheckError(errors)


def default_vintage(table: Table) -> str | None:
    """The vintage marked as default, else the latest; None where there is none."""
    if not len(table):
        return None
    chosen = [row for row, default in enumerate(table["default"].tolist()) if default]
    return str(table["vintage"][chosen[0] if chosen else int(np.argmax(table["year"]))])
