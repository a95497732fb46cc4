"""Law: may this stream be used so, by its legal status, by the rules on the use, across the border, under the plant's permit."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Codes, Ints, Links, Texts
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.links.codes import grade_codes, ints, pair_codes, positions
from sivuvirta.match.applicable import UNION, in_force
from sivuvirta.match.classes import covers
from sivuvirta.match.opinion import Opinion
from sivuvirta.match.subjects import NOT_WASTE_LAW, Needs, Streams
from sivuvirta.match.ways import Ways

OUT_OF_WASTE = ("product", "by_product", "end_of_waste")


class Ground(IntEnum):
    """Why the law says what it says."""

    STATUS = 0  # it is no waste, by its status
    BEYOND = 1  # waste law does not reach it
    IN_SCOPE = 2  # a rule lets the use go ahead; its limits decide
    OUT_OF_SCOPE = 3  # a rule says that the use is not covered
    NO_RULE = 4
    EXCLUDED = 5  # a zone in which the rule does not hold
    BORDER = 6  # another country
    PERMIT = 7  # the plant's permit does not list its code
    RULING = 8  # a ruling on such a material, the stream's own status being open


@frozen(eq=False)
class Law:
    """What the law says of each way. Shape (routes,)."""

    opinion: Opinion
    ground: Codes  # Ground
    rule: Ints  # row of table `rules`, -1 where none decides


@frozen
class Case:
    """What the law looks at. Equal cases get equal answers."""

    status: str
    grade: int  # of the status
    beyond: bool
    material: str
    country: str | None
    use_class: str | None
    jurisdiction: str | None
    zones: frozenset[str]


@frozen
class Answer:
    """Answer to one case."""

    verdict: Verdict
    grade: Grade
    ground: Ground
    rule: int = -1


def law(links: Links, streams: Streams, needs: Needs, ways: Ways) -> Law:
    """What the law says of each way.

    A product, by-product or former waste may be used; an assumed status is `likely`. Waste, and what has no status, needs a rule that
    covers the use of that material there (subject `scope`); without one it is unknown, for a permit or a by-product decision must be asked
    for. Another country asks for a shipment notification, except of a product. What a plant makes has the status that its technology gives.
    """
    status, grade, beyond, country = _sides(links, streams, ways)
    material = np.where(ways.plant < 0, links.arcs.material[ways.arc_in], links.arcs.material[ways.arc_out])
    place = _law_classes(needs, ways)
    code = pair_codes(status, grade, beyond, country, material, place)
    _, first, which = np.unique(code, return_index=True, return_inverse=True)
    book = _Book.of(links.region)
    answers = []
    for at in first.tolist():
        need = int(ways.need[at])
        case = Case(
            status[at],
            int(grade[at]),
            bool(beyond[at]),
            links.materials[material[at]],
            country[at],
            needs.use_class[need],
            needs.jurisdiction[need],
            needs.zones[need],
        )
        answers.append(answer(book, case))
    columns = zip(*((found.verdict, found.grade, found.ground, found.rule) for found in answers), strict=True)
    verdict, graded, ground, rule = (
        (np.array(column, dtype=np.int32)[which] for column in columns) if answers else (np.zeros(0, np.int32),) * 4
    )
    found = Law(Opinion(verdict.astype(np.int8), graded.astype(np.int8)), ground.astype(np.int8), ints(rule))
    return _permitted(links, streams, ways, found)


@frozen(eq=False)
class _Book:
    """Rules in force."""

    table: Table
    row: Ints
    grade: Codes

    @classmethod
    def of(cls, region: Region) -> _Book:
        """The rules of a region that hold at its year."""
        table = region.table("rules")
        row = np.flatnonzero(in_force(table, region.year))
        return cls(table.take(row), ints(row), grade_codes(table["grade"][row]))

    def find(self, subject: str, case: Case) -> int | None:
        """The rule on a subject that speaks most closely of a case: of its material, then of its use; of two, the one that refuses."""
        table = self.table
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
        table = self.table
        return len(table["material"][row] or ""), table["use_class"][row] is not None, table["holds"][row] is False


def answer(book: _Book, case: Case) -> Answer:
    """What the law says of one case."""
    if case.beyond:
        return Answer(Verdict.PASS, Grade.A, Ground.BEYOND)
    grade = Grade(case.grade)
    if case.jurisdiction not in (None, UNION, case.country) and case.country is not None and case.status != "product":
        return Answer(Verdict.UNKNOWN, grade, Ground.BORDER)
    if case.status in OUT_OF_WASTE:
        return Answer(Verdict.LIKELY if grade == Grade.D else Verdict.PASS, grade, Ground.STATUS)
    return _by_rule(book, case)


def _by_rule(book: _Book, case: Case) -> Answer:
    """The answer for waste, and for what has no status."""
    excluded = book.find("exclusion", case) if case.zones else None
    if excluded is not None and book.table["zone_kind"][excluded] is not None and book.table["holds"][excluded] is not False:
        return Answer(Verdict.UNKNOWN, Grade(book.grade[excluded]), Ground.EXCLUDED, int(book.row[excluded]))
    rule = book.find("scope", case) if case.use_class is not None else None
    if rule is not None and book.table["holds"][rule] is True:
        sure = book.table["verified"][rule] is True and book.grade[rule] <= Grade.B
        return Answer(Verdict.PASS if sure else Verdict.LIKELY, Grade(book.grade[rule]), Ground.IN_SCOPE, int(book.row[rule]))
    ruling = book.find("status", case) if case.status == "unknown" else None
    if ruling is not None and book.table["holds"][ruling] is True and book.table["material"][ruling] is not None:
        return Answer(Verdict.LIKELY, Grade(book.grade[ruling]), Ground.RULING, int(book.row[ruling]))
    if rule is not None:
        return Answer(Verdict.UNKNOWN, Grade(book.grade[rule]), Ground.OUT_OF_SCOPE, int(book.row[rule]))
    return Answer(Verdict.UNKNOWN, Grade.D, Ground.NO_RULE)


def _sides(links: Links, streams: Streams, ways: Ways) -> tuple[Texts, Codes, Any, Texts]:
    """Status, its grade, whether waste law does not reach it, and country, of what reaches the need."""
    status, grade = streams.status[ways.stream], streams.status_grade[ways.stream]
    beyond, country = streams.lawful[ways.stream], streams.country[ways.stream]
    works = links.works
    if len(works) == 0:
        return status, grade, beyond, country
    made = ways.plant >= 0
    plant, output = np.maximum(ways.plant, 0), np.maximum(ways.output, 0)
    status = np.where(made, works.outputs.status[output], status)
    grade = np.where(made, works.grade[plant], grade).astype(np.int8)
    beyond = np.where(made, _beyond(links)[output], beyond)
    return status, grade, beyond, np.where(made, streams.country[works.node[plant]], country)


def _beyond(links: Links) -> Any:
    """Whether waste law does not reach an output, by its carrier."""
    from_table = links.region.table("materials")
    names = np.array(links.materials, dtype=object)[links.works.outputs.material]
    carrier = np.append(from_table["carrier"], [None])[positions(from_table["material"], names)]
    return np.isin(carrier.astype(str), NOT_WASTE_LAW)


def _law_classes(needs: Needs, ways: Ways) -> Ints:
    """One number for needs under the same law: use class, jurisdiction and kinds of zone."""
    seen: dict[tuple[object, ...], int] = {}
    used = np.unique(ways.need)
    codes = np.zeros(len(needs.use_class), dtype=np.int32)
    for need in used.tolist():
        key = (needs.use_class[need], needs.jurisdiction[need], needs.zones[need])
        codes[need] = seen.setdefault(key, len(seen))
    return codes[ways.need]


def _permitted(links: Links, streams: Streams, ways: Ways, found: Law) -> Law:
    """The law with the plants' permits: a permit that lists codes lets in those codes only, as far as waste goes."""
    through = np.flatnonzero((ways.plant >= 0) & (streams.status_code[ways.stream] == 0) & ~streams.lawful[ways.stream])
    allowed = _allowed(links)
    if not allowed or len(through) == 0:
        return found
    codes = np.append(links.region.table("streams")["low_code"], [None])
    outside = []
    for at in through.tolist():
        code, listed = codes[streams.row[ways.stream[at]]], allowed.get(int(ways.plant[at]))
        if listed is not None and code is not None and _plain(code) not in listed:
            outside.append(at)
    verdict, grade = found.opinion.verdict.copy(), found.opinion.grade.copy()
    ground, rule = found.ground.copy(), found.rule.copy()
    verdict[outside], ground[outside], rule[outside] = Verdict.UNKNOWN, Ground.PERMIT, -1
    grade[outside] = streams.status_grade[ways.stream[outside]]
    return Law(Opinion(verdict, grade), ground, rule)


def _allowed(links: Links) -> dict[int, frozenset[str]]:
    """Codes that the permit of each plant lists, by row of works; only of permits that were read."""
    plants, permits = links.region.table("plants"), links.region.table("permits")
    row = positions(plants["plant"], links.nodes.id[links.works.node])
    listed = dict(zip(permits["permit"].tolist(), permits["low_codes"].tolist(), strict=True))
    names = np.append(plants["permit"], [None])[row].tolist()
    return {plant: frozenset(map(_plain, listed[name])) for plant, name in enumerate(names) if listed.get(name)}


def _plain(code: str) -> str:
    return code.replace(" ", "").replace("*", "")
