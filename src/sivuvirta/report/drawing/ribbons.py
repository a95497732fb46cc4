"""Ribbons: a Sankey as an SVG text that stands alone, for files and other programs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from attrs import define
from markupsafe import escape

from sivuvirta.report.drawing.colours import FAMILIES, OTHER

_WIDE, _COLUMN, _LABEL, _HEAD, _GAP, _TALL = 1180.0, 14.0, 250.0, 62.0, 14.0, 640.0  # px
_LONG = 40  # letters of a label
_COLOURS = {family.id: family.light for family in (*FAMILIES, OTHER)}
_COLOURS |= {"loss": "#c8502d", "gain": "#4c7a34", "paid": "#1f5f8b", "unknown": "url(#hatch)"}
_HATCH = (
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#e3e0d8"/><rect width="2" height="6" fill="#8b8f94"/></pattern>'
)


@define
class _Box:
    """Where a node stands, and how far its ribbons have been laid."""

    left: float
    top: float
    height: float
    out: float = 0.0
    into: float = 0.0


def ribbons(drawing: Mapping[str, Any], title: str, key: str) -> str:
    """A drawing of `sankey` as SVG, sources left and ends right, widths in proportion.

    Args:
        drawing: nodes and links.
        title: above it.
        key: what the widths and colours are.
    """
    nodes, links = drawing["nodes"], drawing["links"]
    boxes, scale, height = _placed(nodes, links)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE:.0f} {height:.0f}" width="{_WIDE:.0f}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title><desc>{escape(key)}</desc><defs>{_HATCH}</defs>'
        f'<rect width="100%" height="100%" fill="#fff"/><text x="8" y="20" font-size="14" font-weight="bold">{escape(title)}</text>'
        f'<text x="8" y="40" fill="#555">{escape(key)}</text>'
    )
    order = sorted(links, key=lambda link: (boxes[link["source"]].top, boxes[link["target"]].top))
    bands = "".join(_band(link, boxes, scale) for link in order)
    return head + bands + "".join(_node(node, boxes[node["name"]]) for node in nodes) + "</svg>\n"


def _placed(nodes: list[dict[str, Any]], links: list[dict[str, Any]]) -> tuple[dict[str, _Box], float, float]:
    """Boxes by node, px per unit, and the height of the picture."""
    enters: dict[str, float] = defaultdict(float)
    leaves: dict[str, float] = defaultdict(float)
    for link in links:
        leaves[link["source"]] += link["value"]
        enters[link["target"]] += link["value"]
    size = {node["name"]: max(enters[node["name"]], leaves[node["name"]]) for node in nodes}
    columns: dict[int, list[str]] = defaultdict(list)
    for node in sorted(nodes, key=lambda each: -size[each["name"]]):
        columns[node["depth"]].append(node["name"])
    most = max((sum(size[name] for name in column) for column in columns.values()), default=0.0)
    scale = _TALL / most if most else 1.0
    step = (_WIDE - _LABEL - _COLUMN - 16) / max([*columns, 1])
    boxes, height = {}, _HEAD + 60
    for depth, column in columns.items():
        top = _HEAD
        for name in column:
            tall = max(size[name] * scale, 1.0)
            boxes[name] = _Box(8 + depth * step, top, tall)
            top += max(tall, 13.0) + _GAP
        height = max(height, top)
    return boxes, scale, height


def _band(link: Mapping[str, Any], boxes: Mapping[str, _Box], scale: float) -> str:
    start, end, wide = boxes[link["source"]], boxes[link["target"]], link["value"] * scale
    y0, y1 = start.top + start.out, end.top + end.into
    start.out, end.into = start.out + wide, end.into + wide
    x0, x1 = start.left + _COLUMN, end.left
    middle = (x0 + x1) / 2
    path = (
        f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        f"V{y1 + wide:.1f}C{middle:.1f} {y1 + wide:.1f} {middle:.1f} {y0 + wide:.1f} {x0:.1f} {y0 + wide:.1f}Z"
    )
    shade = 0.28 if link["evidence"] == "potential" else 0.55
    told = f"{link['text']}{', ' if link['evidence'] else ''}{link['evidence']}"
    return f'<path d="{path}" fill="{_colour(link)}" fill-opacity="{shade}"><title>{escape(told)}</title></path>'


def _node(node: Mapping[str, Any], box: _Box) -> str:
    name = str(node["label"])
    name = name if len(name) <= _LONG else f"{name[: _LONG - 1]}…"
    box_ = f'<rect x="{box.left:.1f}" y="{box.top:.1f}" width="{_COLUMN:.0f}" height="{box.height:.1f}" fill="{_colour(node)}"/>'
    place = f'x="{box.left + _COLUMN + 4:.1f}" y="{box.top + max(box.height / 2, 6.0) + 4:.1f}"'
    return f'{box_}<text {place} stroke="#fff" stroke-width="3" paint-order="stroke">{escape(name)}  {escape(node["text"])}</text>'


def _colour(item: Mapping[str, Any]) -> str:
    return _COLOURS.get(item["family"], OTHER.light)
