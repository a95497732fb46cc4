"""Pictures: a front as SVG, to be read in a notebook, a page or a file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from sivuvirta.domain.fronts import FrontPoint

_WIDE, _HIGH, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 420, 76, 24, 56, 52
_INK, _LINE, _GREY, _ACCENT, _KNEE = "#16202a", "#e3e0d8", "#5d6166", "#1f5f8b", "#c8502d"
_SCALES = {"kg CO2e": ((1e6, "kt CO₂e"), (1e3, "t CO₂e")), "EUR": ((1e6, "M€"), (1e3, "k€")), "t": ((1e6, "Mt"), (1e3, "kt"))}


def picture(title: str, labels: Sequence[str], units: Sequence[str], points: Sequence[FrontPoint]) -> str:
    """A front: the first objective upwards, the second to the right; of three, the third in the size of a point.

    Args:
        title: region, year, evidence.
        labels: of the gains.
        units: of the gains, a year.
        points: of the front, best at the first objective first.

    Returns:
        SVG, with a title and a text for each point; more is better on both axes.
    """
    gains = np.array([point.gains for point in points])
    axes = [_Axis(gains[:, k], units[k], labels[k]) for k in range(gains.shape[1])]
    across, up = axes[1], axes[0]
    x = _LEFT + (gains[:, 1] / across.factor - across.low) / (across.high - across.low) * (_WIDE - _LEFT - _RIGHT)
    y = _HIGH - _BOTTOM - (gains[:, 0] / up.factor - up.low) / (up.high - up.low) * (_HIGH - _TOP - _BOTTOM)
    radius = np.full(len(points), 5.0) if len(axes) < 3 else 3.0 + 6.0 * axes[2].part(gains[:, 2])
    parts = [_opening(title, labels), *_grid(across, up)]
    if len(axes) == 2:
        way = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
        parts.append(f'<polyline points="{way}" fill="none" stroke="{_ACCENT}" stroke-width="1.5"/>')
    for number, point in enumerate(points):
        told = "; ".join(axis.told(gain) for axis, gain in zip(axes, point.gains, strict=True))
        colour = _KNEE if point.knee else _ACCENT
        name = f"Point {number}{', knee' if point.knee else ''}{f', best of {point.end_of}' if point.end_of else ''}: {told}"
        parts.append(
            f'<circle cx="{x[number]:.1f}" cy="{y[number]:.1f}" r="{radius[number]:.1f}" fill="{colour}" fill-opacity="0.85">'
            f"<title>{escape(name)}</title></circle>"
        )
        parts.append(_text(float(x[number]) + 8, float(y[number]) - 7, f"{number} knee" if point.knee else str(number), _GREY, 13))
    if len(axes) > 2:
        parts.append(_text(_WIDE - _RIGHT, 44, f"Size of a point: {axes[2].label}", _GREY, 13, "end"))
    return "\n".join([*parts, "</svg>"])


class _Axis:
    """Scale of one objective: numbers to print, in a fitting unit."""

    def __init__(self, gains: np.ndarray, unit: str, label: str) -> None:
        self.spent = "investment" in label
        most = float(np.abs(gains).max(initial=0.0))
        self.factor, shown = next(((factor, name) for factor, name in _SCALES.get(unit, ()) if most >= 10 * factor), (1.0, unit))
        self.label = f"{label[0].upper()}{label[1:]}, {shown.replace('CO2e', 'CO₂e').replace('EUR', '€')}{'' if self.spent else '/a'}"
        low, high = float(gains.min()) / self.factor, float(gains.max()) / self.factor
        if high - low <= 1e-9 * max(abs(high), 1.0):
            low, high = low - 1.0, high + 1.0
        step = 10 ** np.floor(np.log10((high - low) / 4))
        step *= next(each for each in (1, 2, 5, 10) if (high - low) / (step * each) <= 5)
        self.low, self.high = float(np.floor(low / step) * step), float(np.ceil(high / step) * step)
        self.ticks = np.arange(self.low, self.high + step / 2, step)

    def part(self, gains: np.ndarray) -> np.ndarray:
        """Where gains lie between the ends, 0 to 1."""
        return np.asarray((gains / self.factor - self.low) / (self.high - self.low))

    def told(self, gain: float) -> str:
        """A gain with its label."""
        return f"{self.label} {self.printed(gain / self.factor)}"

    def printed(self, tick: float) -> str:
        """A number of the scale; an investment, of which less is better, as what is spent."""
        return f"{0.0 - tick if self.spent else tick:,.4g}"


def _opening(title: str, labels: Sequence[str]) -> str:
    head = f"{labels[0][0].upper()}{labels[0][1:]} against {' and '.join(labels[1:])}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13" style="max-width:{_WIDE}px;background:#fbfaf7">'
        f"<title>{escape(head)}</title>\n"
        + _text(16, 24, head, _INK, 16)
        + _text(16, 44, f"{title}; against today, better is up and to the right", _GREY, 13)
    )


def _grid(across: _Axis, up: _Axis) -> list[str]:
    right, foot = _WIDE - _RIGHT, _HIGH - _BOTTOM
    parts = []
    for tick in across.ticks:
        x = _LEFT + (tick - across.low) / (across.high - across.low) * (right - _LEFT)
        parts.append(f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{foot}" stroke="{_LINE}"/>')
        parts.append(_text(x, foot + 18, across.printed(tick), _GREY, 13, "middle"))
    for tick in up.ticks:
        y = foot - (tick - up.low) / (up.high - up.low) * (foot - _TOP)
        parts.append(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="{_LINE}"/>')
        parts.append(_text(_LEFT - 8, y + 4, up.printed(tick), _GREY, 13, "end"))
    parts.append(_text((_LEFT + right) / 2, _HIGH - 12, across.label, _INK, 13, "middle"))
    middle = (_TOP + foot) / 2
    turned = f'text-anchor="middle" transform="rotate(-90 18 {middle:.0f})"'
    parts.append(f'<text x="18" y="{middle:.0f}" fill="{_INK}" {turned}>{escape(up.label)}</text>')
    return parts


def _text(x: float, y: float, text: str, colour: str, size: int, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" text-anchor="{anchor}">{escape(text)}</text>'
