"""One colour a family, told apart by every eye."""

from __future__ import annotations

import re

import pytest

from sivuvirta.report.drawing.colours import FAMILIES, OTHER, family, legend

PAPER, DARK = "#fbfaf7", "#11161b"


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("entry", [*FAMILIES, OTHER], ids=lambda entry: entry.id)
def test_a_family_stands_out_on_both_themes(entry):
    assert re.fullmatch(r"#[0-9a-f]{6}", entry.light)
    assert _contrast(entry.light, PAPER) >= 2
    assert _contrast(entry.dark, DARK) >= 3


def test_no_root_belongs_to_two_families():
    roots = [root for entry in FAMILIES for root in entry.roots]
    assert len(roots) == len(set(roots))
    assert len({entry.light for entry in FAMILIES}) == len(FAMILIES)


def test_a_material_has_the_colour_of_its_root():
    assert family("slag.stainless.fines").id == "slag"
    assert family("nothing.known") is OTHER
    assert [entry.id for entry in legend(["ash", "slag", "ash"])] == ["slag", "ash"]
