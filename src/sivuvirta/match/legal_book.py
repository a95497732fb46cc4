"""The book of law of a day: the rules and legal paths in force, and which of them speak of a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from attrs import field, frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Codes, Ints
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.links.codes import grade_codes, ints
from sivuvirta.links.contracts import valid_on
from sivuvirta.match.applicable import UNION
from sivuvirta.match.classes import covers

OUT = ("product", "by_product", "end_of_waste")
"""Kinds of path that lead out of waste, and the statuses they lead to."""

USE = ("notification", "registration", "permit", "fertiliser_product")
"""Kinds of path by which waste itself may be used."""

DUTY = ("fertiliser_product", "reach", "animal_by_product", "construction_product")
"""Kinds of path of product law, which hold beside the others."""


@frozen
class Case:
    """What the law looks at. Equal cases get equal answers."""

    status: str
    grade: int  # of the status
    beyond: bool  # waste law does not reach it
    material: str
    country: str | None  # where it comes from
    hazard: str
    listed: frozenset[int] | None  # rows of `legal_paths` that list its code, None where its code is not known
    tonnes: float  # a year as sent: the least of its band, NaN where not known
    held: bool  # a permit of the receiving site lists its code
    use_class: str | None
    used_as: str | None  # material that the need asks for
    jurisdiction: str | None
    zones: frozenset[str]


@frozen(eq=False)
class Path:
    """A row of `legal_paths` in force."""

    row: int
    id: str
    regulation: str
    jurisdiction: str
    kind: str
    concerns: str | None
    material: str | None
    use_classes: frozenset[str]
    used_as: tuple[str, ...]
    coded: bool  # it names codes
    starts_from: frozenset[str]
    hazardous: bool
    border: str | None
    zones: frozenset[str]
    least: float
    most: float
    by_decision: bool
    lead: tuple[float, float]
    sure: bool  # read in the law
    grade: Grade

    def speaks_of(self, case: Case) -> bool:
        """Whether it is about such a material in such a use there."""
        return (
            self.jurisdiction in (case.jurisdiction, UNION)
            and covers(self.material, case.material)
            and (not self.use_classes or case.use_class in self.use_classes)
            and (not self.used_as or (case.used_as is not None and any(covers(above, case.used_as) for above in self.used_as)))
        )

    def open_to(self, case: Case) -> bool:
        """Whether no condition is known to be broken, as far as the register tells: status, hazard, code, zone, quantity."""
        return (
            (not self.starts_from or case.status in self.starts_from)
            and (self.hazardous or case.hazard != "yes")
            and (not self.coded or case.listed is None or self.row in case.listed)
            and not self.zones & case.zones
            and not case.tonnes < self.least
        )

    def unsized(self, case: Case) -> bool:
        """Whether it asks for a least quantity of a case of unknown tonnes: it may be open or not."""
        return self.least > 0 and np.isnan(case.tonnes)

    def doubt(self, case: Case) -> Verdict:
        """What it makes of a case: `unknown` where an authority decides or tonnes are not known, `likely` where something is not shown."""
        if self.by_decision or self.unsized(case):
            return Verdict.UNKNOWN
        shown = self.sure and self.kind not in OUT and not (self.coded and case.listed is None)
        return Verdict.PASS if shown else Verdict.LIKELY

    def rank(self, case: Case) -> tuple[Any, ...]:
        """Least doubt first, then what takes the whole stream, then the shortest time, the best evidence, the narrowest class."""
        low, high = (np.inf if np.isnan(end) else end for end in self.lead)
        return self.doubt(case), case.tonnes > self.most, high, low, self.grade, -len(self.material or ""), self.id


@frozen(eq=False)
class Book:
    """Law in force on a region's day."""

    rules: Table
    rule_row: Ints
    rule_grade: Codes
    paths: tuple[Path, ...]
    _topics: dict[tuple[Any, ...], tuple[Path, ...]] = field(factory=dict, init=False)

    @classmethod
    def of(cls, region: Region) -> Book:
        """The rules and legal paths of a region that hold on its day."""
        rules, paths = region.table("rules"), region.table("legal_paths")
        row = np.flatnonzero(valid_on(rules, region.day))
        return cls(rules.take(row), ints(row), grade_codes(rules["grade"][row]), tuple(_paths(paths, region.day)))

    def about(self, case: Case) -> tuple[Path, ...]:
        """Paths that speak of a case, whether or not they are open to it."""
        topic = (case.jurisdiction, case.material, case.use_class, case.used_as)
        if topic not in self._topics:
            self._topics[topic] = tuple(path for path in self.paths if path.speaks_of(case))
        return self._topics[topic]

    def open(self, case: Case, kinds: Iterable[str], *, concerns: str = "use", border: bool = False) -> list[Path]:
        """Paths of some kinds that are open to a case; of one kind a member state's go before the Union's."""
        side = "domestic" if border else "cross_border"
        fitting = [
            path
            for path in self.about(case)
            if path.kind in kinds and path.concerns in (None, concerns) and path.border != side and path.open_to(case)
        ]
        national = {path.kind for path in fitting if path.jurisdiction != UNION}
        return [path for path in fitting if path.jurisdiction != UNION or path.kind not in national]

    def rule(self, subject: str, case: Case) -> int | None:
        """The rule on a subject that speaks most closely of a case: of its material, then of its use; of two, the one that refuses."""
        table = self.rules
        fitting = [
            row
            for row in np.flatnonzero(table["subject"] == subject).tolist()
            if table["jurisdiction"][row] in (case.jurisdiction, UNION)
            and table["use_class"][row] in (None, case.use_class)
            and covers(table["material"][row], case.material)
            and table["zone_kind"][row] in (None, *case.zones)
        ]
        return max(fitting, key=self._closeness) if fitting else None

    def _closeness(self, row: int) -> tuple[int, bool, bool]:
        table = self.rules
        return len(table["material"][row] or ""), table["use_class"][row] is not None, table["holds"][row] is False


def _paths(table: Table, day: str) -> Iterable[Path]:
    grades = grade_codes(table["grade"])
    for row in np.flatnonzero(valid_on(table, day)).tolist():
        cell = {name: column[row] for name, column in table.columns.items()}
        yield Path(
            row=row,
            id=cell["path"],
            regulation=cell["regulation"],
            jurisdiction=cell["jurisdiction"],
            kind=cell["kind"],
            concerns=cell["concerns"],
            material=cell["material"],
            use_classes=frozenset(cell["use_classes"] or ()),
            used_as=tuple(cell["used_as"] or ()),
            coded=bool(cell["low_codes"]),
            starts_from=frozenset(cell["starts_from"] or ()),
            hazardous=cell["hazardous"] is True,
            border=cell["border"],
            zones=frozenset(cell["excluded_zones"] or ()),
            least=float(cell["quantity_min"]),
            most=float(cell["quantity_max"]),
            by_decision=cell["by_decision"] is not False,
            lead=(float(cell["lead_low"]), float(cell["lead_high"])),
            sure=cell["verified"] is True and grades[row] <= Grade.B,
            grade=Grade(int(grades[row])),
        )
