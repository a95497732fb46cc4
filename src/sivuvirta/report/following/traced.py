"""Figures as a person follows them: each with its lines, rows and sources, ready to print; for the panel of the page and for the annex."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar

from attrs import frozen

from sivuvirta.domain.region import Region
from sivuvirta.domain.traces import Line, Traced, Traces
from sivuvirta.domain.words import shortened
from sivuvirta.report.following.basis import Basis
from sivuvirta.report.following.packed import steps
from sivuvirta.report.following.shelf import Shelf
from sivuvirta.report.words import TERMS, figure, pretty

MOST = 30
"""Lines of a figure in its panel; the smaller ones are told as one."""

_ANNEX = 3  # parts of a figure on paper
_CITED = 6  # ids of sources of a figure on paper; the panel has all
_GROUPS = ("headline", "money", "carbon", "transport")
_HEADS = {"money": "Money: {}", "carbon": "Emissions: {}", "roads": "Loads a day: {}", "needs": "Served: {}", "plants": "Activity: {}"}
_HEADS |= {"streams": "Amount: {}", "organisations": "Net cost: {}", "transport": "{}", "products": "{}", "headline": "{}"}
Asked = TypeVar("Asked")
_ROLES = {"bought": "bought by needs", "reagent": "bought by plants", "displaced": "replaced outside the region"}


@frozen
class Told:
    """Lines of a figure that are told one by one, and the sum of the others."""

    lines: tuple[Line, ...]
    others: tuple[float, float, float]
    count: int


@frozen
class Part:
    """A part of a figure on paper."""

    name: str
    made: str  # amount times coefficient with potential, "" for what is made of parts itself
    values: tuple[float, float, float]
    text: str


@frozen
class Annexed:
    """A figure on paper: its largest parts, and where they come from."""

    head: str
    text: str
    parts: tuple[Part, ...]
    sources: str


def head(traced: Traced) -> str:
    """A figure's name as people read it.

    >>> head(Traced("money/fee", "fee", "EUR/a", (0.0, 0.0, 0.0), ()))
    'Money: fees of outlets'
    """
    group, *rest = traced.key.split("/")
    label = TERMS.get(traced.label, "All terms") if group in ("money", "carbon") else traced.label
    text = _HEADS[group].format(label if group not in ("money", "carbon") else f"{label[0].lower()}{label[1:]}")
    role = _ROLES.get(rest[-1], "") if group == "products" else ""
    return f"{text[0].upper()}{text[1:]}{f', {role}' if role else ''}"


def told(traces: Traces, key: str, most: int = MOST) -> Told:
    """The largest lines of a figure, by the most that they are in any network."""
    lines = traces.find(key).lines
    ranked = sorted(lines, key=lambda line: -max(map(abs, traces.value(line))))
    ranked = [line for line in ranked if any(traces.value(line))]
    kept, rest = (ranked[:most], ranked[most:]) if len(ranked) > most + 1 else (ranked, [])
    sums = [sum(traces.value(line)[state] for line in rest) for state in range(3)]
    return Told(tuple(kept), (sums[0], sums[1], sums[2]), len(rest))


def panel(traces: Traces, keys: Iterable[str], bases: Mapping[str, Basis], region: Region) -> dict[str, Any]:
    """What the panel of the page shows: figures and bases by key, and what they are made of, each once.

    Args:
        traces: all figures.
        keys: of the figures that can be clicked; the figures that they are made of come with them.
        bases: what other numbers rest on, by key.
        region: whose rows and sources the bases name.
    """
    wanted = _closed(traces, [*keys, *(key for basis in bases.values() for key in basis.figures)])
    shelf = Shelf(traces, region)
    numbers = {name: _Numbers[int]() for name in ("drivers", "coefficients")}
    words = {name: _Numbers[str]() for name in ("notes", "lacks")}
    figures = {key: _figure(traces, key, numbers, shelf, words["notes"]) for key in wanted}
    figures |= {key: _basis(traces, basis, shelf, words) for key, basis in bases.items()}
    drivers = [_driver(traces, at, shelf) for at in numbers["drivers"].order]
    coefficients = [_coefficient(traces, at, shelf) for at in numbers["coefficients"].order]
    tables = _Numbers[str]()
    origins = [[tables(one.table.replace("_", " ")), one.key, one.words, one.grade, shelf.source(one)] for one in shelf.rows]
    sources = [[each.citation, _address(each.url), each.page, each.opened] for each in shelf.sources()]
    shared = {"drivers": drivers, "coefficients": coefficients, "origins": origins, "sources": sources, "tables": list(tables.order)}
    return {"figures": figures} | shared | {name: list(each.order) for name, each in words.items()}


def _basis(traces: Traces, basis: Basis, shelf: Shelf, words: Mapping[str, _Numbers[str]]) -> dict[str, Any]:
    """What some numbers rest on; what is empty is left out, and notes and reasons why something is not known are told by their numbers."""
    rows, cited = shelf.told(basis)
    of = [key for key in basis.figures if key in traces.figures]
    found = {
        "note": words["notes"](basis.how) if basis.how else None,
        "rows": steps(rows),
        "cited": cited,
        "of": of,
        "lacks": [words["lacks"](text) for text in basis.missing.split("; ") if text],
    }
    return {name: value for name, value in found.items() if value not in (None, [])}


class _Numbers(Generic[Asked]):
    """New numbers for what is shown, in the order in which it is first asked for."""

    def __init__(self) -> None:
        self.order: dict[Asked, int] = {}

    def __call__(self, at: Asked) -> int:
        return self.order.setdefault(at, len(self.order))


def _closed(traces: Traces, keys: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    waiting = list(keys)
    while waiting:
        key = waiting.pop(0)
        if key in found or key not in traces.figures:
            continue
        found[key] = None
        waiting += [line.of for line in traces.figures[key].lines if line.of]
    return list(found)


def _figure(traces: Traces, key: str, numbers: dict[str, _Numbers[int]], shelf: Shelf, notes: _Numbers[str]) -> dict[str, Any]:
    one, shown = traces.find(key), told(traces, key)
    lines: list[Any] = []
    for line in shown.lines:
        values = _texts(traces.value(line), one.unit)
        if line.of:
            lines.append([line.of, values])
        else:
            found = [numbers["drivers"](line.driver), numbers["coefficients"](line.coefficient), values]
            lines.append([*found, -1] if line.sign < 0 else found)
    rows = shelf.origins(one.rows)
    others = [shown.count, _texts(shown.others, one.unit)] if shown.count else None
    told_if = {"rows": steps(rows), "note": notes(one.note) if one.note else None, "others": others}
    whole = {"head": head(one), "values": _texts(one.amounts, one.unit), "lines": lines}
    return whole | {name: value for name, value in told_if.items() if value not in (None, [])}


def _driver(traces: Traces, at: int, shelf: Shelf) -> list[Any]:
    one = traces.drivers[at]
    return [one.origin, one.destination, one.what, _texts(one.amounts, one.unit), steps(shelf.origins(one.rows))]


def _coefficient(traces: Traces, at: int, shelf: Shelf) -> list[Any]:
    one = traces.coefficients[at]
    text = "" if one.unit == "1" else figure(one.value, one.unit).text
    return [one.words, text, _readable(one.formula), steps(shelf.origins(one.rows))]


def _texts(values: tuple[float, float, float], unit: str) -> list[str]:
    """Values as they are printed; one alone where all are the same, two where both plans have the same."""
    today, proven, potential = (figure(value + 0.0, unit).text for value in values)
    return [today, proven, potential] if proven != potential else [today, proven] if today != proven else [today]


def _address(url: str) -> str:
    return url if url.startswith(("http://", "https://")) else ""


def _readable(text: str) -> str:
    return text.replace("EUR", pretty("EUR")).replace("CO2e", "CO₂e")


def annex(traces: Traces) -> list[Annexed]:
    """The figures of the head, of money, carbon and haulage with their largest parts and sources, for paper."""
    keys = [key for group in _GROUPS for key in traces.groups.get(group, ()) if any(traces.find(key).amounts)]
    return [_annexed(traces, key) for key in keys]


def _annexed(traces: Traces, key: str) -> Annexed:
    one, shown = traces.find(key), told(traces, key, _ANNEX)
    parts = [_part(traces, line, one.unit) for line in shown.lines]
    if shown.count:
        parts.append(Part(f"{shown.count} smaller parts", "", shown.others, _three(shown.others, one.unit)))
    behind = dict.fromkeys(row.source for row in traces.rows(key) if row.source)
    return Annexed(head(one), _three(one.amounts, one.unit), tuple(parts), shortened(list(behind), _CITED))


def _part(traces: Traces, line: Line, unit: str) -> Part:
    values = traces.value(line)
    if line.of:
        return Part(head(traces.find(line.of)), "", values, _three(values, unit))
    driver, coefficient = traces.drivers[line.driver], traces.coefficients[line.coefficient]
    made = figure(driver.amounts[2], driver.unit).text
    if coefficient.unit != "1":
        made += f" × {figure(line.sign * coefficient.value, coefficient.unit).text}"
    return Part(" → ".join(name for name in (driver.origin, driver.destination) if name), made, values, _three(values, unit))


def _three(values: tuple[float, float, float], unit: str) -> str:
    """Today, proven and with potential in one text; one value where all are the same."""
    texts = [figure(value + 0.0, unit).text for value in values]
    return " | ".join(texts if len(set(texts)) > 1 else texts[:1])
