"""Words: how many things are named in a sentence before the rest is counted."""

from __future__ import annotations

from collections.abc import Sequence


def shortened(texts: Sequence[str], most: int, between: str = ", ") -> str:
    """The first few of several texts in a row, and how many there are beside them.

    >>> shortened(["ash", "slag", "dust", "bark"], 2)
    'ash, slag and 2 more'
    >>> shortened(["ash", "slag"], 2)
    'ash, slag'

    Args:
        texts: all of them.
        most: how many are named.
        between: what stands between two.
    """
    rest = len(texts) - most
    return between.join(texts[:most]) + (f" and {rest} more" if rest > 0 else "")
