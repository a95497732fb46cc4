"""Did you mean: the known name that is spelled most like an unknown one."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches

FEW = 300
"""Names that are compared all; of more, those are looked for first that may be near."""

MOST_COMPARED = 300
"""Names that a text is compared with letter by letter: those that have most letters in common with it in the same order."""

MOST_SUGGESTIONS = 50
"""Unknown keys of one column for which a near one is looked for; a column with more is the wrong column."""

_SLACK = 1e-9  # of two likenesses that are one


def did_you_mean(word: str, known: Collection[str], cutoff: float = 0.6) -> str:
    """A question with the nearest name, "" where none is near.

    >>> did_you_mean("torni_works", ["tornio_works", "kemi_mine"])
    "Did you mean 'tornio_works'?"
    """
    if word.lower() in known:
        return question([word.lower()])
    return question(closest(word.lower(), known, 1, cutoff) or closest(word, known, 1, cutoff))


def waste_code(word: str, known: Collection[str]) -> str:
    """What may be meant by a code that is not in the List of Waste."""
    return did_you_mean(word, known, 0.8) or "Write a code of six digits in pairs, for example 10 02 01."


def closest(word: str, known: Iterable[str], most: int, cutoff: float) -> list[str]:
    r"""The names most like a text, best first, by the share of letters in matching blocks [1].

    Letters in matching blocks are a common subsequence, so that likeness is at most :math:`2 L / (a + b)`, with :math:`L` the longest one
    and :math:`a, b` the lengths. That bound is quick to compute for all names; the blocks are counted for the names of the highest bounds
    only, until no other name can be more alike, or `MOST_COMPARED` were looked at: time grows slowly with the names.

    Args:
        word: as written.
        known: names, of whatever number.
        most: names that are wanted.
        cutoff: 0 to 1, how like the text a name has to be.

    References:
        [1] J. W. Ratcliff, D. E. Metzener: Pattern Matching: The Gestalt Approach. Dr. Dobb's Journal, 1988 (as Python's difflib has it).

    >>> closest("appel", ["ape", "apple", "peach", "puppy"], 3, 0.6)
    ['apple', 'ape']
    """
    names = list(known)
    if len(names) <= FEW:
        return get_close_matches(word, names, most, cutoff)
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only where a large register names what it has not: loading takes longer than a check

    bounds = process.extract(word, names, scorer=fuzz.ratio, limit=MOST_COMPARED, score_cutoff=max(0.0, 100.0 * (cutoff - _SLACK)))
    matcher, found = SequenceMatcher(), list[tuple[float, str]]()
    matcher.set_seq2(word)
    for name, bound, _ in bounds:
        best = heapq.nlargest(most, found)
        if len(best) == most and best[-1][0] > bound / 100.0 + _SLACK:
            break
        matcher.set_seq1(name)
        if (likeness := matcher.ratio()) >= cutoff:
            found.append((likeness, name))
    return [name for _, name in heapq.nlargest(most, found)]


def question(near: Sequence[str]) -> str:
    """Whether one of these was meant, "" where there is none.

    >>> question(["slag", "sludge", "ash"])
    "Did you mean 'slag', 'sludge' or 'ash'?"
    """
    if not near:
        return ""
    first = ", ".join(f"'{name}'" for name in near[:-1])
    return f"Did you mean {first}{' or ' if first else ''}'{near[-1]}'?"
