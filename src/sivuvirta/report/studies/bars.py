"""Bars: shocks and scenarios as one picture each, an SVG text that stands alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from attrs import frozen
from markupsafe import escape

from sivuvirta.domain.comparisons import Comparison
from sivuvirta.domain.shocks import Shocks
from sivuvirta.report.studies.frames import NETWORKS
from sivuvirta.report.words import figure

_LEFT, _WIDE, _RIGHT, _ROW, _HEAD = 300.0, 420.0, 120.0, 24.0, 58.0  # px
_LONG = 44  # letters of a label
_DARK, _LIGHT = "#0072b2", "#9ecae1"


@frozen
class Bar:
    """One bar: its solid part from 0, and what a lighter part adds behind it."""

    label: str
    solid: float
    light: float = 0.0
    text: str = ""


def shock_bars(found: Shocks, most: int = 20) -> str:
    """The largest losses, solid with the cheapest repair, light what the repair wins back.

    Args:
        found: the shocks.
        most: bars at most; shocks without a number are left out.
    """
    region = found.plan.links.region
    known = [one for one in found.shocks if one.used and not np.isnan(one.loss)][:most]
    bars = []
    for one in known:
        alone = one.loss if np.isnan(one.alone) else one.alone
        name = one.id if one.subject == "path" else one.name
        bars.append(Bar(f"{one.subject}: {name}", one.loss, alone - one.loss, figure(one.loss, "EUR/a").text))
    network = NETWORKS.get(found.network.evidence, found.network.evidence)
    title = f"{region.title or region.name}, {region.vintage}, {network}: what the best network loses without"
    return drawn(title, "Loss a year with the cheapest repair; light: what the repair wins back", bars)


def comparison_bars(found: Comparison) -> str:
    """What the best network is worth under each scenario, solid on proven evidence, light what is potential."""
    rows = found.figures[found.figures["figure"] == "benefit"].set_index("evidence")
    bars = []
    for name in found.names:
        worth = dict(zip(rows.index, rows[name].tolist(), strict=True))
        bars.append(Bar(name, worth["proven"], worth["potential"], figure(worth["total"], "EUR/a").text))
    region = found.plans[0].links.region
    title = f"{region.title or region.name}, {region.vintage}: worth of the best network, less today"
    return drawn(title, "Plan, proven; light: what potential adds", bars)


def drawn(title: str, key: str, bars: Sequence[Bar]) -> str:
    """Horizontal bars from one zero, with their figures at the right.

    Args:
        title: above the bars.
        key: what the two shades are.
        bars: from the top.
    """
    ends = [0.0, *(end for bar in bars for end in (bar.solid, bar.solid + bar.light))]
    low, span = min(ends), (max(ends) - min(ends)) or 1.0
    height = _HEAD + _ROW * len(bars) + 8

    def at(value: float) -> float:
        return _LEFT + _WIDE * (value - low) / span

    width = _LEFT + _WIDE + _RIGHT
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title><desc>{escape(key)}</desc>'
        f'<rect width="100%" height="100%" fill="#fff"/><text x="8" y="20" font-size="14" font-weight="bold">{escape(title)}</text>'
        f'<text x="8" y="40" fill="#555">{escape(key)}</text>'
    )
    return head + "".join(_row(bar, _HEAD + _ROW * number, at) for number, bar in enumerate(bars)) + "</svg>\n"


def _row(bar: Bar, top: float, at: Callable[[float], float]) -> str:
    label = bar.label if len(bar.label) <= _LONG else f"{bar.label[: _LONG - 1]}…"
    parts = [f'<text x="{_LEFT - 8:.0f}" y="{top + 15:.1f}" text-anchor="end">{escape(label)}</text>']
    for start, end, colour in ((0.0, bar.solid, _DARK), (bar.solid, bar.solid + bar.light, _LIGHT)):
        left, right = sorted((at(start), at(end)))
        parts.append(f'<rect x="{left:.1f}" y="{top + 3:.1f}" width="{right - left:.1f}" height="{_ROW - 8:.0f}" fill="{colour}"/>')
    edge = max(at(0.0), at(bar.solid), at(bar.solid + bar.light))
    parts.append(f'<text x="{edge + 6:.1f}" y="{top + 15:.1f}">{escape(bar.text)}</text>')
    return "".join(parts)
