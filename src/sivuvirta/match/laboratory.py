"""Laboratory: the tests that one sells, and which of them settle a figure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from sivuvirta.domain.prospects import NAN, LabTest
from sivuvirta.domain.region import Region
from sivuvirta.links.evidence import leached

Key = tuple[str, str]
"""Kind and component of a figure; of what leaches, the component that leaches."""


def lab_tests(columns: Mapping[str, Any]) -> tuple[LabTest, ...]:
    """Tests from the columns of table `tests`; a test that names no component settles nothing here and is left out.

    Args:
        columns: the table's columns by name.
    """
    return tuple(_test(columns, row) for row, components in enumerate(columns["components"].tolist()) if components)


def _test(columns: Mapping[str, Any], row: int) -> LabTest:
    def text(name: str) -> str:
        return str(columns[name][row] or "")

    def number(name: str) -> float:
        return float(columns[name][row])

    return LabTest(
        test=text("test"),
        name=text("name"),
        kind=text("kind"),
        components=tuple(columns["components"][row]),
        method=text("method"),
        sample=text("sample"),
        price=number("price"),
        price_low=number("price_low"),
        price_high=number("price_high"),
        lead=number("lead"),
        lead_low=number("lead_low"),
        lead_high=number("lead_high"),
        grade=text("grade"),
        source=text("source"),
    )


def chosen(region: Region, catalogue: Sequence[LabTest], figures: Iterable[Key]) -> list[tuple[LabTest, list[Key]]]:
    """Tests that settle some figures of one sample, each figure by one test.

    Of tests that could be ordered the one that settles most of what is still missing is taken, of two that settle as much the one of the
    figures' own kind, then the cheaper one, until nothing is left. A figure that no test of the catalogue covers gets a test of its own,
    without a price.

    Args:
        region: its components.
        catalogue: tests that a laboratory sells.
        figures: what is missing of a sample.
    """
    missing = sorted(set(figures))
    covers = [(test, _covered(region, test, missing)) for test in catalogue]
    result: list[tuple[LabTest, list[Key]]] = []
    while missing:
        options = [(test, keys & set(missing)) for test, keys in covers if keys & set(missing)]
        if not options:
            return result + [(_own(region, key), [key]) for key in missing]
        test, keys = max(options, key=_choice)
        result.append((test, sorted(keys)))
        missing = [key for key in missing if key not in keys]
    return result


def _covered(region: Region, test: LabTest, figures: Sequence[Key]) -> set[Key]:
    """Figures that a test settles."""
    settled = _settled(region, test)
    return {key for key in figures if key[1] in settled and (test.kind == "leaching") == (key[0] == "leaching")}


def own_test(key: str, name: str, component: str) -> LabTest:
    """A test that no catalogue has: its price and lead time are not known."""
    return LabTest(test=key, name=name, kind="property", components=(component,))


def shown_component(region: Region, kind: str, component: str) -> str:
    """Component of a figure as tables name it: what leaches by its own id."""
    if kind != "leaching":
        return component
    table = region.table("components")
    rows = np.flatnonzero((table["kind"] == "leaching") & (table["oxide_of"] == component))
    return str(table["component"][rows[0]]) if len(rows) else component


def _choice(option: tuple[LabTest, set[Key]]) -> tuple[int, int, float]:
    test, keys = option
    price = -math.inf if math.isnan(test.price) else -test.price
    return len(keys), sum(kind == test.kind for kind, _ in keys), price


def _settled(region: Region, test: LabTest) -> set[str]:
    """Components of a test as figures name them."""
    if test.kind != "leaching":
        return set(test.components)
    return set(leached(region.table("components"), np.array(test.components, dtype=object)).tolist())


def _own(region: Region, key: Key) -> LabTest:
    kind, component = key
    table = region.table("components")
    at = table.index.get(component)
    name = component if at is None else str(table["name_en"][at])
    return LabTest(
        test=f"{kind}_{component}",
        name=f"{name}, leached" if kind == "leaching" else name[:1].upper() + name[1:],
        kind=kind,
        components=(shown_component(region, kind, component),),
        price=NAN,
    )
