"""Yearly amounts of streams and needs at the vintage shown, as the register gives them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Codes, Floats
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.links.codes import Mask, Rows, grade_codes, positions


@frozen(eq=False)
class Quantities:
    """Amounts by subject, in the order of the subjects' table. Shape (subjects,)."""

    value: Floats  # canonical unit a year, NaN where the vintage has none
    low: Floats  # equals value where no range is given
    high: Floats
    grade: Codes

    @property
    def stated(self) -> Mask:
        """Whether the vintage says an amount; a stated 0 has ended."""
        return ~np.isnan(self.value)


def quantities(region: Region, table: str) -> Quantities:
    """Amounts a year of `streams` or `needs`; parts of a year add up where no whole year is given."""
    register, subjects = region.table("quantities"), region.table(table)
    subject = positions(subjects[subjects.key[0]], register["subject"])
    chosen = (register["table"] == table) & (register["vintage"] == region.vintage) & (subject >= 0) & ~np.isnan(register["value"])
    year = chosen & pd.isna(register["period"])
    has_year = np.isin(subject, subject[year])
    use = year | (chosen & ~has_year)
    return _summed(register.take(use), subject[use], len(subjects))


def _summed(rows: Table, subject: Rows, count: int) -> Quantities:
    value = rows["value"]
    ends = (np.where(np.isnan(rows[end]), value, rows[end]) for end in ("low", "high"))
    present = np.bincount(subject, minlength=count) > 0
    total, low, high = (np.where(present, np.bincount(subject, weights=part, minlength=count), np.nan) for part in (value, *ends))
    grade = np.zeros(count, dtype=np.int8)
    np.maximum.at(grade, subject, grade_codes(rows["grade"]))
    return Quantities(total, low, high, grade)
