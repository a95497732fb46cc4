"""Hazard: where a hazardous stream may go."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Codes, Links
from sivuvirta.links.codes import Mask
from sivuvirta.match.contents import made_anew
from sivuvirta.match.opinion import Opinion
from sivuvirta.match.subjects import HAZARDS, Needs, Streams
from sivuvirta.match.verdicts import stated
from sivuvirta.match.ways import Ways

YES = HAZARDS.index("yes")
NO = HAZARDS.index("no")


def hazardous(streams: Streams, ways: Ways) -> Mask:
    """Ways of hazardous streams, which enter no blend."""
    return np.asarray(streams.hazard[ways.stream] == YES, dtype=bool)


def hazard(links: Links, streams: Streams, needs: Needs, ways: Ways) -> Opinion:
    """Whether a stream of its hazard may go this way.

    A hazardous stream goes straight only to a need that takes hazardous waste, and only to a plant that may treat it and does not merely
    mix it with others; a plant still to be built needs the permit first. Where the hazard is open (a mirror entry, or nothing said) the
    classification is missing, unless the way is open to hazardous waste anyway or the stream is no waste.
    """
    kind = streams.hazard[ways.stream]
    taken = _taken(links, needs, ways)
    graded = streams.status_grade[ways.stream]
    no_waste = streams.lawful[ways.stream] | (streams.status_code[ways.stream] > 0)
    harmless = np.where(streams.lawful[ways.stream], np.int8(Verdict.PASS), stated(graded))
    closed = taken == Verdict.FAIL
    open_question = np.where(closed, np.where(no_waste, harmless, np.int8(Verdict.UNKNOWN)), taken)
    verdict = np.where(kind == YES, taken, np.where(kind == NO, harmless, open_question)).astype(np.int8)
    grade = np.where(streams.lawful[ways.stream], np.int8(Grade.A), graded).astype(np.int8)
    return Opinion(verdict, grade)


def _taken(links: Links, needs: Needs, ways: Ways) -> Codes:
    """Verdict of each way for a hazardous stream."""
    works = links.works
    direct = np.where(needs.hazardous_ok[ways.need], np.int8(Verdict.PASS), np.int8(Verdict.FAIL))
    if len(works) == 0:
        return direct.astype(np.int8)
    plant = np.maximum(ways.plant, 0)
    treats = works.hazardous_ok & (~works.mixes | works.recovery)
    permit = np.where(works.candidate, np.int8(Verdict.LIKELY), np.int8(Verdict.PASS))
    through = np.where(treats, permit, np.int8(Verdict.FAIL))[plant]
    through = np.where(made_anew(links, ways), through, np.maximum(through, direct))  # what was stored is as hazardous at the need
    return np.where(ways.plant < 0, direct, through).astype(np.int8)
