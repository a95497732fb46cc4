"""By which names a row may be meant: its key, its names in every language, its trade words; and the keys that a text is most like."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from attrs import field, frozen

from sivuvirta.domain.table import Table
from sivuvirta.tables.suggestions import closest

MOST_KEYS = 3
"""Keys that one suggestion names."""

_GAP = 0.1
"""How much less like the text than the best one another key may be to be named beside it."""

_NEAR_KEY, _NEAR_NAME = 0.6, 0.75
"""How like a key, and how like a name, a text has to be; names are many, so chance is more often near."""

_LAST_PART = 0.05
"""What the last part of a key counts less than the whole key or a name: many keys may end alike."""

_NAMED = re.compile(r"name(_\w+)?|synonyms(_\w+)?|aliases")


@frozen(eq=False)
class Spellings:
    """Keys by what they may be called, without case and signs."""

    keys: dict[str, set[str]] = field(factory=dict)
    names: dict[str, set[str]] = field(factory=dict)
    last_parts: dict[str, set[str]] = field(factory=dict)

    def meant(self, word: str) -> str | None:
        """The one key that is spelled or called so; None where none is, or several are.

        >>> Spellings({"ash": {"ash"}}, {"fly ash": {"ash.fly"}}).meant("Fly-ash")
        'ash.fly'
        """
        found = self.keys.get(_folded(word)) or self.names.get(_folded(word)) or set()
        return next(iter(found)) if len(found) == 1 else None

    def nearest(self, word: str) -> list[str]:
        """The keys that a text is most like, best first.

        >>> Spellings({"ash": {"ash"}}, {"fly ash": {"ash.fly"}}).nearest("Fly ahs")
        ['ash.fly']
        """
        score: dict[str, float] = {}
        for known, cutoff, less in ((self.keys, _NEAR_KEY, 0.0), (self.names, _NEAR_NAME, 0.0), (self.last_parts, _NEAR_NAME, _LAST_PART)):
            for text in {_folded(word), _sorted(word)} - {""}:
                for spelled in closest(text, known, 2 * MOST_KEYS, cutoff):
                    likeness = difflib.SequenceMatcher(None, spelled, text).ratio() - less
                    score |= {key: max(score.get(key, 0.0), likeness) for key in known[spelled]}
        best = max(score.values(), default=0.0)
        near = sorted((-likeness, len(key), key) for key, likeness in score.items() if likeness >= best - _GAP)
        return [key for _, _, key in near[:MOST_KEYS]]


def spellings(tables: Iterable[Table]) -> Spellings:
    """What the rows of tables with one key column may be called."""
    result = Spellings()
    for table in tables:
        keys = table[table.key[0]].tolist()
        for key in filter(None, keys):
            for text in (_folded(key), _sorted(key)):
                result.keys.setdefault(text, set()).add(key)
            result.last_parts.setdefault(_folded(key.rpartition(".")[2]), set()).add(key)
        for column in filter(_NAMED.fullmatch, table.columns):
            for key, name in zip(keys, table[column].tolist(), strict=True):
                for text in _texts(name) if key else ():
                    result.names.setdefault(_folded(text), set()).add(key)
    return result


def _texts(name: str | tuple[str, ...] | None) -> Iterator[str]:
    yield from (name,) if isinstance(name, str) else name or ()


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _sorted(text: str) -> str:
    """The words in the order of the alphabet: "fly ash" is "ash.fly"."""
    return " ".join(sorted(_folded(text).split()))
