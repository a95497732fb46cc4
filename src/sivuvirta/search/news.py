"""Alerts: what is new for a query since a day, or against an older version of the register."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import pandas as pd
from attrs import frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.region import Region
from sivuvirta.domain.search import EVENTS, KINDS, NOT_ASKED, Alerts, Change, Query
from sivuvirta.search.differences import Differences, shown
from sivuvirta.search.finding import Searched, searched
from sivuvirta.search.index import Index
from sivuvirta.search.sifting import later, undated
from sivuvirta.search.verdicts import WORDS

Row = tuple[str, str]
"""Kind and key."""


Told = tuple[str, int, tuple[str, ...]]
"""Event, document, and what happened to it."""


@frozen(eq=False)
class Version:
    """A register at a time, ready to be searched."""

    region: Region
    index: Index
    matches: Matches | None = None  # without them verdicts are not compared


def since(query: Query, now: Version, day: str) -> Alerts:
    """Rows that the query finds and that were added, changed or sampled on a day or later, as the register says.

    Args:
        query: what is asked; its own `since` is not looked at.
        now: the register.
        day: ISO date; in the register a month without day counts as its last.
    """
    done = searched(now.region, now.index, query.with_(since=None), now.matches)
    docs, sampled = now.index.documents, _sampled(now.region, day)
    added, changed = later(docs.added, day), later(docs.changed, day)
    told: list[Told] = []
    for row in done.rows.tolist():
        what = [f"entered {docs.added[row]}"] if added[row] else []
        what += [f"changed {docs.changed[row]}"] if changed[row] else []
        what += sampled.get(str(docs.key[row]), []) if KINDS[docs.kind[row]] == "streams" else []
        if what:
            told.append(("new" if added[row] else "changed", row, tuple(what)))
    silent = int(undated(docs)[done.rows].sum())
    notes = (f"Of the rows found {silent} carry no date of entry or change; compare with an older version to see them.",) if silent else ()
    return Alerts(query, _ordered(_changes(done, told)), since=day, notes=(*done.notes, *notes))


def against(query: Query, now: Version, before: Version) -> Alerts:
    """What is otherwise for a query than in an older version: rows that are new, judged better or worse, changed, or gone.

    A row is new if the query finds it now and did not before, whether it was entered since or changed; it is gone if it was found and is
    no more. With matches of both versions a row is better if its best verdict is, or if it has a use that it had not.

    Args:
        query: what is asked; its own `since` is not looked at.
        now: the register.
        before: an older version of it.
    """
    query = query.with_(since=None)
    new, old = (_Side(searched(each.region, each.index, query, each.matches), each.matches) for each in (now, before))
    differences = Differences(now.region, before.region)
    still: list[Told] = []
    gone: list[Told] = []
    for row in dict.fromkeys([*new.found, *old.found]):
        better = _better(row, new, old)
        what = _what(row, new, old, differences)
        event = _event(row, new, old, better if query.verdict or row in old.found else 0)
        if event != "changed" or what:
            side, told = (new, still) if row in new.found else (old, gone)
            told.append((event, side.all[row], what))
    return Alerts(query, _ordered([*_changes(new.done, still), *_changes(old.done, gone)]), notes=new.done.notes)


def _changes(done: Searched, told: list[Told]) -> list[Change]:
    hits = done.hits([row for _, row, _ in told])
    return [Change(event=event, hit=hit, what=what) for (event, _, what), hit in zip(told, hits, strict=True)]


@frozen(eq=False, slots=False)
class _Side:
    """One version with what the query finds in it."""

    done: Searched
    matches: Matches | None

    @cached_property
    def all(self) -> Mapping[Row, int]:
        """Every document's row."""
        docs = self.done.index.documents
        return {(KINDS[kind], str(key)): row for row, (kind, key) in enumerate(zip(docs.kind.tolist(), docs.key.tolist(), strict=True))}

    @cached_property
    def found(self) -> Mapping[Row, int]:
        """Those that the query finds, the nearest first."""
        docs = self.done.index.documents
        return {(KINDS[docs.kind[row]], str(docs.key[row])): row for row in self.done.rows.tolist()}

    def verdict(self, row: Row) -> str:
        """Best verdict of a row; not asked where it is not there."""
        return WORDS[self.done.known.verdict[self.all[row]]] if row in self.all else NOT_ASKED

    def amount(self, row: Row) -> str:
        """How much of it there is a year, in words."""
        docs, at = self.done.index.documents, self.all[row]
        return f"{shown(docs.amount[at])} {docs.unit[at]}/a" if docs.amount[at] >= 0 else shown(None)

    def uses(self, row: Row) -> Mapping[str, int]:
        """Best verdict of each need that may take a stream, by its name and id; those that fail are left out."""
        return self._uses.get(row[1], {}) if row[0] == "streams" else {}

    @cached_property
    def _uses(self) -> Mapping[str, dict[str, int]]:
        if self.matches is None:
            return {}
        routes, nodes = self.matches.routes, self.matches.links.nodes
        open_ = routes.verdict < Verdict.FAIL
        frame = pd.DataFrame({"stream": routes.stream[open_], "need": routes.need[open_], "verdict": routes.verdict[open_]})
        least = frame.groupby(["stream", "need"], as_index=False)["verdict"].min()
        found: dict[str, dict[str, int]] = {}
        for stream, need, verdict in zip(least["stream"], least["need"], least["verdict"], strict=True):
            found.setdefault(str(nodes.id[stream]), {})[f"{nodes.name[need]} ({nodes.id[need]})"] = int(verdict)
        return found


def _better(row: Row, new: _Side, old: _Side) -> int:
    """1 where a row is judged better than it was or has a new use, -1 where it is judged worse, else 0."""
    one, two = old.verdict(row), new.verdict(row)
    if NOT_ASKED in (one, two) or row not in old.all:
        return 0
    if one != two:
        return 1 if WORDS.index(two) < WORDS.index(one) else -1
    return 1 if set(new.uses(row)) - set(old.uses(row)) else 0


def _event(row: Row, new: _Side, old: _Side, better: int) -> str:
    if row not in new.found:
        return "gone"
    if better > 0:
        return "better"
    if row not in old.found:
        return "new"
    return "worse" if better < 0 else "changed"


def _what(row: Row, new: _Side, old: _Side, differences: Differences) -> tuple[str, ...]:
    if row not in old.all:
        return ("entered in the register",)
    if row not in new.all:
        return ("left the register",)
    one, two = old.verdict(row), new.verdict(row)
    judged = [f"verdict: {one} -> {two}"] if one != two and NOT_ASKED not in (one, two) else []
    gained = [f"new use: {name}, {Verdict(code).word}" for name, code in new.uses(row).items() if name not in old.uses(row)]
    lost = [f"use gone: {name}" for name in old.uses(row) if name not in new.uses(row)] if new.matches is not None else []
    return (*judged, *gained, *lost, *_amount(old.amount(row), new.amount(row)), *differences.of(*row))


def _amount(one: str, two: str) -> list[str]:
    return [f"quantity: {one} -> {two}"] if one != two else []


def _ordered(changes: list[Change]) -> tuple[Change, ...]:
    """By event, the nearest first within each."""
    return tuple(sorted(changes, key=lambda change: EVENTS.index(change.event)))


def _sampled(region: Region, day: str) -> Mapping[str, list[str]]:
    """Analyses of streams that were sampled on a day or later, in words."""
    table = region.table("analyses")
    found: dict[str, list[str]] = {}
    for row in later(table["sampled"], day).nonzero()[0].tolist():
        words = f"sampled {table['sampled'][row]}: {table['component'][row]}, {table['kind'][row]}"
        found.setdefault(str(table["stream"][row]), []).append(words)
    return found
