"""Packed: lists of records of the same keys as one list of keys and rows, with texts told once, so that a page stays small."""

from __future__ import annotations

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


def lines(rings: list[list[tuple[float, float]]]) -> list[list[int]]:
    """Lines of a map as steps between their points, in ten-thousandths of a degree (11 m at most): a third of the size.

    >>> lines([[(25.1, 65.2), (25.1002, 65.2)]])
    [[251000, 652000, 2, 0]]
    """
    found = []
    for ring in rings:
        whole = [(round(lon * _STEPS), round(lat * _STEPS)) for lon, lat in ring]
        before = [(0, 0), *whole[:-1]]
        found.append([step for point, last in zip(whole, before, strict=True) for step in (point[0] - last[0], point[1] - last[1])])
    return found


_STEPS = 10_000
