"""Terms: coefficients of arcs while they are being filled in."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, Codes, Floats
from sivuvirta.links.codes import Mask, Rows

EUR = {term: column for column, term in enumerate(EUR_TERMS)}
CO2 = {term: column for column, term in enumerate(CO2_TERMS)}


@frozen(eq=False)
class Terms:
    """Coefficients while they are being filled in; each function below owns the rows of its kinds of arc."""

    eur: Floats
    eur_sd: Floats
    co2: Floats
    co2_sd: Floats
    ratio: Floats
    payment: Floats
    capacity: Floats
    today: Floats
    share_low: Floats
    share_high: Floats
    grade_eur: Codes
    grade_co2: Codes
    unknown_eur: Mask
    unknown_co2: Mask
    unknown_displaced: Mask

    def worsen(self, at: Rows, grade: Codes) -> None:
        """Money and emission of some arcs rest on something of a grade."""
        self.worsen_eur(at, grade)
        self.worsen_co2(at, grade)

    def worsen_eur(self, at: Rows, grade: Codes, unknown: Mask | None = None) -> None:
        """Money of some arcs rests on something of a grade; what is not known counts as 0, at grade D."""
        _worsen(self.grade_eur, self.unknown_eur, at, (grade, unknown))

    def worsen_co2(self, at: Rows, grade: Codes, unknown: Mask | None = None) -> None:
        """The same of their own emission."""
        _worsen(self.grade_co2, self.unknown_co2, at, (grade, unknown))

    def worsen_displaced(self, at: Rows, grade: Codes, unknown: Mask) -> None:
        """The same of the emission that they displace outside the region."""
        _worsen(self.grade_co2, self.unknown_displaced, at, (grade, unknown))


def _worsen(grades: Codes, unknown: Mask, at: Rows, found: tuple[Codes, Mask | None]) -> None:
    grade, missing = found
    if missing is not None:
        unknown[at] |= missing
        grade = np.where(missing, int(Grade.D), grade).astype(np.int8)
    grades[at] = np.maximum(grades[at], grade)
