"""Answers of the law to one case: may it be used so, may it cross the border, may a plant take it; by which path."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.match.applicable import UNION
from sivuvirta.match.legal_book import DUTY, OUT, USE, Book, Case, Path


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
    PATH = 9  # a legal path is open that no authority decides on
    HELD = 10  # a permit of the receiving site lists its code
    CONDITIONS = 11  # a rule covers the material, but not with this code, hazard or quantity


Step = tuple[int, bool]
"""Row of `legal_paths`, and whether it is there already."""


@frozen
class Answer:
    """Answer to one case."""

    verdict: Verdict
    grade: Grade
    ground: Ground
    rule: int = -1  # row of `rules`, -1 where none decides
    path: int = -1  # row of `legal_paths` that is the way, -1 where none is known
    steps: tuple[Step, ...] = ()
    duties: tuple[int, ...] = ()  # rows of product law
    lead: tuple[float, float] = (0.0, 0.0)  # months of the steps that are still to be taken
    most: float = np.inf  # t/a as sent that the path lets in
    ceiling: float = np.inf  # t/a as sent beyond which no path is open with as little doubt


NOTHING = Answer(Verdict.PASS, Grade.A, Ground.BEYOND)
"""Answer where the law asks nothing."""


def use(book: Book, case: Case) -> Answer:
    """May it be used so, and by which path."""
    if case.beyond:
        return NOTHING
    found = _by_status(book, case) if case.status in OUT else _as_waste(book, case)
    duties = {}
    for kind in DUTY:
        given = [path for path in book.open(case, (kind,)) if path.row != found.path and case.status in OUT]
        if given:
            duties[kind] = min(given, key=lambda path: path.rank(case)).row
    return evolve(found, duties=tuple(duties.values()))


def across(book: Book, case: Case) -> Answer:
    """May it cross the border to the jurisdiction of the case."""
    home = case.jurisdiction in (None, UNION, case.country) or case.country is None
    if case.beyond or home or case.status == "product":
        return NOTHING
    found = book.open(case, ("shipment",), border=True)
    if not found:
        return Answer(Verdict.UNKNOWN, Grade(case.grade), Ground.BORDER, lead=(np.nan, np.nan))
    best = min(found, key=lambda path: path.rank(case))
    verdict = best.doubt(case)
    answer = Answer(verdict, Grade(case.grade) if verdict == Verdict.UNKNOWN else best.grade, Ground.BORDER)
    return _capped(_along(best, case, answer), case, found)


def into_plant(book: Book, case: Case) -> Answer:
    """Which permit a plant that is still to be built needs for it; the verdict does not change."""
    if case.beyond or case.status in OUT:
        return NOTHING
    found = book.open(case, ("permit", "notification", "registration"), concerns="plant")
    found = [path for path in found if not path.use_classes and not path.used_as]
    if not found:
        return evolve(NOTHING, lead=(np.nan, np.nan))
    return _capped(_along(min(found, key=lambda path: path.rank(case)), case, NOTHING), case, found)


def _by_status(book: Book, case: Case) -> Answer:
    """The answer for what is no waste; the path is the one by which it has its status."""
    grade = Grade(case.grade)
    assumed = grade == Grade.D
    found = Answer(Verdict.LIKELY if assumed else Verdict.PASS, grade, Ground.STATUS)
    origin = {"unknown", "waste"}
    bases = [
        path
        for path in book.about(case)
        if path.kind == case.status and path.concerns != "plant" and (not path.starts_from or path.starts_from & (origin | {case.status}))
    ]
    national = [path for path in bases if path.jurisdiction != UNION]
    if not bases:
        return found
    best = min(national or bases, key=lambda path: path.rank(case))
    return _along(best, case, found, held=not assumed)


def _as_waste(book: Book, case: Case) -> Answer:
    """The answer for waste, and for what has no status: of rule, permit of the site and paths the one with the least doubt."""
    ruled = _by_rule(book, case)
    if case.held:
        permits = book.open(case, ("permit",))
        best = min(permits, key=lambda path: path.rank(case), default=None)
        held = Answer(Verdict.PASS, Grade(case.grade), Ground.HELD)
        return held if best is None else _along(best, case, held, held=True)
    paths = [path for path in book.open(case, (*OUT, *USE)) if not _refused(book, path, case)]
    if not paths:
        return evolve(ruled, lead=(np.nan, np.nan))
    best = min(paths, key=lambda path: path.rank(case))
    if best.doubt(case) < ruled.verdict:
        return _capped(_along(best, case, Answer(best.doubt(case), best.grade, Ground.PATH)), case, paths)
    if ruled.verdict < best.doubt(case):  # the rule alone lets it go ahead
        return evolve(ruled, lead=(np.nan, np.nan))
    return _capped(_along(best, case, ruled), case, paths)


def _capped(found: Answer, case: Case, paths: Iterable[Path]) -> Answer:
    """An answer with the most that open paths let in, of those with no more doubt than it has."""
    most = [np.inf if np.isnan(path.most) else path.most for path in paths if path.doubt(case) <= found.verdict]
    return evolve(found, ceiling=max(most, default=np.inf))


def _along(path: Path, case: Case, found: Answer, *, held: bool = False) -> Answer:
    """An answer with the path it goes along."""
    within = np.isnan(path.most) or case.tonnes <= path.most  # tonnes that are not known may be too many
    most = np.inf if within or held else path.most
    return evolve(found, path=path.row, steps=((path.row, held),), lead=(0.0, 0.0) if held else path.lead, most=most)


def _refused(book: Book, path: Path, case: Case) -> bool:
    """Whether a rule on a narrower class of material says that a notification does not cover it."""
    if path.kind not in ("notification", "registration") or case.use_class is None:
        return False
    rule = book.rule("scope", case)
    narrower = rule is not None and len(book.rules["material"][rule] or "") > len(path.material or "")
    return narrower and rule is not None and book.rules["holds"][rule] is False


def _barred(book: Book, case: Case, regulation: str) -> bool:
    """Whether a regulation has paths for such a use of the material, none of them known to be open to the case."""
    paths = [path for path in book.about(case) if path.regulation == regulation and path.kind in USE]
    return bool(paths) and not any(path.open_to(case) and not path.unsized(case) for path in paths)


def _by_rule(book: Book, case: Case) -> Answer:
    """What the rules say of waste, and of what has no status."""
    rules, grade, row = book.rules, book.rule_grade, book.rule_row
    excluded = book.rule("exclusion", case) if case.zones else None
    if excluded is not None and rules["zone_kind"][excluded] is not None and rules["holds"][excluded] is not False:
        return Answer(Verdict.UNKNOWN, Grade(int(grade[excluded])), Ground.EXCLUDED, int(row[excluded]))
    rule = book.rule("scope", case) if case.use_class is not None else None
    if rule is not None and rules["holds"][rule] is True:
        if _barred(book, case, rules["regulation"][rule]):
            return Answer(Verdict.UNKNOWN, Grade(int(grade[rule])), Ground.CONDITIONS, int(row[rule]))
        sure = rules["verified"][rule] is True and grade[rule] <= Grade.B
        return Answer(Verdict.PASS if sure else Verdict.LIKELY, Grade(int(grade[rule])), Ground.IN_SCOPE, int(row[rule]))
    ruling = book.rule("status", case) if case.status == "unknown" else None
    if ruling is not None and rules["holds"][ruling] is True and rules["material"][ruling] is not None:
        return Answer(Verdict.LIKELY, Grade(int(grade[ruling])), Ground.RULING, int(row[ruling]))
    if rule is not None:
        return Answer(Verdict.UNKNOWN, Grade(int(grade[rule])), Ground.OUT_OF_SCOPE, int(row[rule]))
    return Answer(Verdict.UNKNOWN, Grade.D, Ground.NO_RULE)
