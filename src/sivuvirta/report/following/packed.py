"""Packed: lists of records of the same keys as one list of keys and rows, with texts told once, so that a page stays small."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def packed(data: Any) -> Any:
    """The same data with each list of records as {"keys", "rows"}, numbers to seven digits.

    >>> packed([{"a": 1, "b": "x"}, {"a": 2, "b": "y"}])
    {'keys': ['a', 'b'], 'rows': [[1, 'x'], [2, 'y']]}
    """
    if isinstance(data, dict):
        return {key: packed(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        keys = list(data[0]) if data and isinstance(data[0], dict) else []
        if keys and all(isinstance(each, dict) and list(each) == keys for each in data):
            return {"keys": keys, "rows": [[packed(each[key]) for key in keys] for each in data]}
        return [packed(each) for each in data]
    return float(f"{data:.7g}") if isinstance(data, float) else data


def drawn_once(states: Mapping[str, Mapping[str, Any]], ends: dict[tuple[Any, ...], int]) -> dict[str, Any]:
    """Sankeys by state, each told once: one that is as that of an earlier state is the name of that state.

    Args:
        states: drawings with nodes and links.
        ends: what nodes of all drawings are, numbered as they are first met; a node then is the number of what it is with its text, and
            a link names its ends by position among the nodes.
    """
    found: dict[str, Any] = {}
    for state, whole in states.items():
        drawing = _numbered(whole, ends)
        found[state] = next((name for name, each in found.items() if each == drawing), drawing)
    return found


def named(ends: Mapping[tuple[Any, ...], int]) -> list[dict[str, Any]]:
    """What nodes are, in the order of their numbers."""
    return [dict(zip(_ENDS, end, strict=True)) for end in ends]


def _numbered(drawing: Mapping[str, Any], ends: dict[tuple[Any, ...], int]) -> dict[str, Any]:
    place = {node["name"]: at for at, node in enumerate(drawing["nodes"])}
    nodes = [{"end": ends.setdefault(tuple(node[key] for key in _ENDS), len(ends)), "text": node["text"]} for node in drawing["nodes"]]
    links = [{**link, "source": place[link["source"]], "target": place[link["target"]]} for link in drawing["links"]]
    return {**drawing, "nodes": nodes, "links": links}


def lines(rings: list[list[tuple[float, float]]]) -> list[str]:
    """Lines of a map as texts of steps between their points, in thousandths of a degree (some 55 m off at most): an eighth of the size.

    A step is a whole number, told by letters of five bits, the lowest first, the sixth bit for more to follow; its lowest bit is its sign.

    >>> lines([[(0.001, 0.0), (0.101, -0.001)]])
    ['CAoGB']
    """
    found = []
    for ring in rings:
        whole = [(round(lon * _STEPS), round(lat * _STEPS)) for lon, lat in ring]
        whole = [point for at, point in enumerate(whole) if at == 0 or point != whole[at - 1]]
        before = [(0, 0), *whole[:-1]]
        along = [step for point, last in zip(whole, before, strict=True) for step in (point[0] - last[0], point[1] - last[1])]
        found.append("".join(map(_letters, along)))
    return found


def _letters(step: int) -> str:
    """A whole number as letters."""
    left, found = 2 * step if step >= 0 else -2 * step - 1, ""
    while left >= _MORE:
        found, left = found + _LETTERS[left % _MORE + _MORE], left // _MORE
    return found + _LETTERS[left]


def steps(numbers: Iterable[int]) -> list[int]:
    """Numbers as steps between them in order, each run of neighbours as its length with a minus: long lists of rows take little space.

    >>> steps([7, 3, 4, 5, 6, 20])
    [3, -4, 13]
    >>> unpacked([3, -4, 13])
    [3, 4, 5, 6, 7, 20]
    """
    found: list[int] = []
    last, run = 0, 0
    for number in sorted(set(numbers)):
        if found and number == last + 1:
            run += 1
        else:
            found += [*_run(run), number - last]
            run = 0
        last = number
    return [*found, *_run(run)]


def _run(length: int) -> list[int]:
    """Neighbours after a number: a single one as a step, more as their count."""
    return [] if not length else [1] if length == 1 else [-length]


def unpacked(steps: Iterable[int]) -> list[int]:
    """The numbers that `steps` packed."""
    found: list[int] = []
    last = 0
    for step in steps:
        more = [last + step] if step >= 0 else range(last + 1, last - step + 1)
        found += more
        last = found[-1]
    return found


_STEPS = 1_000
_MORE = 32  # numbers that a letter tells
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_ENDS = ("name", "label", "depth", "family")  # of a node, the same in many drawings
