"""Candidates: for a stream the needs, for a need the streams, that somebody may know of; with what may be told of each pair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen
from django.db.models import Q

from sivuvirta.domain.grades import Verdict
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.matching import asking
from sivuvirta.web.matching.judging import merged
from sivuvirta.web.matching.masks import Mask, Masking
from sivuvirta.web.matching.models import Question
from sivuvirta.web.matching.words import netback, reason
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.seen.amounts import with_amount
from sivuvirta.web.registry.seen.names import Name, names, units
from sivuvirta.web.registry.seen.pseudonyms import MARK, pseudonym
from sivuvirta.web.registry.seen.showing import Cell, amount

MOST = 150
"""Candidates of one page; where there are more, those come first whose material is accepted directly."""

_WORDS = {verdict.word: int(verdict) for verdict in Verdict}


@frozen(eq=False)
class Candidate:
    """A stream or need that could be the other end, as the asker knows it."""

    row: Row
    called: str
    key: str  # in addresses: its key, or its pseudonym behind a mark
    nameless: bool
    material: str
    amount: Cell
    answer: Mapping[str, Any]
    reasons: list[tuple[str, str]] = field(factory=list)  # verdict and sentence
    netback: str = ""
    question: Question | None = None  # the newest that was asked
    may_ask: bool = False
    left: int = 0  # questions of this month
    closed: bool = False  # something of it is hidden, and can be asked for


def candidates(own: Row, viewer: Viewer) -> list[Candidate]:
    """The other ends of a stream or need that the viewer sees, the best verdict first. A constant number of queries."""
    register, table = own.register, "needs" if own.schema.name == "streams" else "streams"
    named = MODELS[table].objects.filter(register=register)
    wanted = _accepted(own, register, viewer, table)
    seen = _first(with_amount(named.restrict(viewer), table, register, viewer), wanted)
    listed = _first(with_amount(named.listed(viewer), table, register, viewer), wanted)
    rows = [*seen, *listed]
    mask = Masking(register, viewer, blind=False).mask(*(([own], rows) if table == "needs" else (rows, [own])))
    nameless = {row.pk for row in listed}
    found = _Pairs(own, rows, viewer, mask, nameless)
    every = [found.candidate(row) for row in rows]
    shown = [each for each in every if each.answer["verdict"] or each.question is not None]
    return sorted(shown, key=lambda each: (_WORDS.get(str(each.answer["verdict"]), 9), each.called))


def _first(rows: Any, wanted: Q) -> list[Row]:
    """Rows, at most `MOST`; those that are directly accepted where there are more."""
    found = list(rows.order_by("pk").select_related("register")[: MOST + 1])
    return found if len(found) <= MOST else list(rows.filter(wanted).order_by("pk").select_related("register")[:MOST])


def _accepted(own: Row, register: Register, viewer: Viewer, table: str) -> Q:
    """Whose material is directly accepted, as far as the viewer sees the acceptances."""
    rows = MODELS["acceptances"].objects.filter(register=register).restrict(viewer).told(viewer, "need", "material")
    if table == "needs":
        parts = str(own.shown_to(viewer).get("material") or "").split(".")
        above = [".".join(parts[: at + 1]) for at in range(len(parts))]
        return Q(need__in=rows.filter(material__in=above).values("need"))
    wanted = Q(pk__in=())
    for material in set(rows.filter(need=own.row_key).values_list("material", flat=True)):
        wanted |= Q(material=material) | Q(material__startswith=f"{material}.")
    return wanted


class _Pairs:
    """What is known of the pairs of one row."""

    def __init__(self, own: Row, rows: list[Row], viewer: Viewer, mask: Mask, nameless: set[int]) -> None:
        self.own, self.viewer, self.mask, self.nameless = own, viewer, mask, nameless
        self.open = asking.openly(own.register, mask)
        self.counted = units(own.register, [own, *rows])
        self.called: Mapping[tuple[str, str], Name] = names(own.register, rows, ("material",), viewer)
        self.closed = _closed([own] if own.schema.name == "streams" else rows, viewer)
        pairs = [(asking.asker(need, viewer), stream.pk, need.pk) for stream, need in map(self.pair, rows)]
        self.told = asking.told(pairs)
        self.used = asking.used(pairs)

    def pair(self, row: Row) -> tuple[Row, Row]:
        """The stream and the need."""
        return (self.own, row) if self.own.schema.name == "streams" else (row, self.own)

    def unit(self, stream: Row) -> str:
        """What an amount of a stream is counted in; tonnes where its material is not told."""
        return (
            self.counted.get(str(stream.material), "t")
            if stream.pk not in self.nameless and "material" in stream.shown_to(self.viewer)
            else "t"
        )

    def candidate(self, row: Row) -> Candidate:
        """One of the rows with what may be told."""
        stream, need = self.pair(row)
        keys = (self.mask.called.get(("streams", stream.pk), ""), self.mask.called.get(("needs", need.pk), ""))
        question = self.told.get((stream.pk, need.pk))
        answer = merged(self.open.get(keys), None if question is None else question.answer)
        nameless, who = row.pk in self.nameless, asking.asker(need, self.viewer)
        hidden = stream.pk in self.closed or stream.pk in self.nameless
        name = pseudonym(row, self.viewer) if nameless else row.title_to(self.viewer)
        material = str(row.material) if nameless else str(row.shown_to(self.viewer).get("material") or "")
        said = self.called.get(("materials", material))
        return Candidate(
            row=row,
            called=name,
            key=f"{MARK}{name}" if nameless else row.row_key,
            nameless=nameless,
            material=material if said is None else said.text,
            amount=amount(row, self.counted),
            answer=answer,
            reasons=[(str(part["verdict"]), reason(part)) for part in answer["parts"]],
            netback=netback(answer["netback"], self.unit(stream)),
            question=question,
            may_ask=hidden and who is not None and stream.matched and not stream.own(self.viewer),
            left=0 if who is None else max(0, asking.QUOTA - self.used.get((who.key, stream.pk), 0)),
            closed=not row.own(self.viewer) and (nameless or row.pk in self.closed),
        )


def _closed(streams: list[Row], viewer: Viewer) -> set[int]:
    """Streams that have analyses which the viewer does not see."""
    own = [row for row in streams if not row.own(viewer)]
    if not own:
        return set()
    register = own[0].register
    rows = MODELS["analyses"].objects.filter(register=register, stream__in=[row.row_key for row in own])
    hidden = set(rows.exclude(pk__in=rows.told(viewer, "value").values("pk")).values_list("stream", flat=True))
    return {row.pk for row in own if row.row_key in hidden}
