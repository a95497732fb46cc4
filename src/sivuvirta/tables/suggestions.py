"""Did you mean: the known name that is spelled most like an unknown one."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence


def did_you_mean(word: str, known: Collection[str], cutoff: float = 0.6) -> str:
    """A question with the nearest name, "" where none is near.

    >>> did_you_mean("torni_works", ["tornio_works", "kemi_mine"])
    "Did you mean 'tornio_works'?"
    """
    if word.lower() in known:
        return question([word.lower()])
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=cutoff) or difflib.get_close_matches(word, known, n=1, cutoff=cutoff)
    return question(near)


def question(near: Sequence[str]) -> str:
    """Whether one of these was meant, "" where there is none.

    >>> question(["slag", "sludge", "ash"])
    "Did you mean 'slag', 'sludge' or 'ash'?"
    """
    if not near:
        return ""
    first = ", ".join(f"'{name}'" for name in near[:-1])
    return f"Did you mean {first}{' or ' if first else ''}'{near[-1]}'?"
