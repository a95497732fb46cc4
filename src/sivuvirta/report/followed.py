"""What can be clicked on a page: figures of the assessment, and what all other numbers rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sivuvirta.report.following.basis import Basis
from sivuvirta.report.sections.agreement import Agreement
from sivuvirta.report.studies.blocks import Bars, Pictures, Plot, Section, Table
from sivuvirta.report.tables import Sheet


def figures(page: Mapping[str, Any]) -> list[str]:
    """Keys of the figures of the assessment that can be clicked on the page."""
    keys = [each.trace for each in page["headlines"]] + [f"streams/{each.id}" for each in page["stories"]]
    keys += [f"transport/{measure}" for measure, *_ in page["transport"]]
    return keys + [key for each in sheets(page) for key in each.traces if key and key not in each.bases]


def bases(page: Mapping[str, Any]) -> dict[str, Basis]:
    """What the other numbers of the page rest on, by key."""
    stated = [page["stated"], *page["grounds"].values(), *(each.basis for each in page["sections"])]
    stated += [card.basis for story in page["stories"] for card in story.routes]
    drawn = list(_pictures(page))
    stated += [mark.basis for plot in drawn if isinstance(plot, Plot) for mark in plot.marks if mark.basis is not None]
    stated += [row.basis for each in drawn if isinstance(each, Bars) for row in each.rows if not row.basis.empty]
    found = {one.key: one for one in stated}
    for each in sheets(page):
        found |= each.bases
    return found


def sheets(page: Mapping[str, Any]) -> Iterator[Sheet]:
    """Every table of the page."""
    for value in page.values():
        if isinstance(value, Sheet):
            yield value
        elif isinstance(value, Agreement):
            yield from (value.sources, value.moved, value.balances)
    sections: Iterable[Section] = page["sections"]
    yield from (block.sheet for section in sections for block in section.blocks if isinstance(block, Table))


def _pictures(page: Mapping[str, Any]) -> Iterator[Plot | Bars]:
    for section in page["sections"]:
        for block in section.blocks:
            if isinstance(block, Plot | Bars):
                yield block
            elif isinstance(block, Pictures):
                yield from block.items
