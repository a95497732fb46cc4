"""What the library knows of streams and of who takes them, ready to be compared with a query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
from attrs import frozen
from scipy.sparse import csr_matrix

from sivuvirta.library import catalogue, tables
from sivuvirta.suggest.features import Space, named, space
from sivuvirta.suggest.nace import translated
from sivuvirta.suggest.query import Floats, Query, best_by_owner, nearness, state_alike

Ints = npt.NDArray[np.int64]

_PLACE = 0.6  # exponent with which receivers further down a list count less
_BY_CLASS = 0.85  # what the class of a use counts where its typology does not match
_GENERATION = 0.8  # what is said of a class counts so much for the class below it
_CODE_OF_CLASS = 0.5  # a waste code may stand for several classes


@frozen(eq=False, slots=False)
class Receivers:
    """Who takes what: rows are uses or exchanges, columns industries."""

    codes: tuple[str, ...]
    shares: csr_matrix

    def total(self, weights: Floats) -> Floats:
        """Sum over rows of weight times share, shape (industries,)."""
        return np.asarray(self.shares.T @ weights).ravel()

    @cached_property
    def takings(self) -> Mapping[str, tuple[Ints, Floats]]:
        """By industry the rows that it takes, and their shares."""
        columns = self.shares.tocsc()
        ends = zip(columns.indptr, columns.indptr[1:], strict=False)
        return {code: (columns.indices[start:end], columns.data[start:end]) for code, (start, end) in zip(self.codes, ends, strict=True)}


@frozen(eq=False)
class Named:
    """Streams by their names: classes or typologies."""

    space: Space
    owner: Ints
    size: int
    lows: tuple[tuple[str, ...], ...]
    carriers: tuple[str, ...]

    def texts(self, asked: Query) -> Floats:
        """Cosine of the query with the nearest name, less where its state is another; shape (size,)."""
        return best_by_owner(self.space, self.owner, self.size, asked) * state_alike(asked, self.carriers)


def receivers(lists: Iterable[Sequence[str]], revision: str, source: str = "2.1") -> Receivers:
    """A matrix of receivers from lists of codes, the likeliest first."""
    rows, columns, values = [], [], []
    codes: dict[str, int] = {}
    count = 0
    for row, each in enumerate(lists):
        count = row + 1
        for place, code in enumerate(each):
            for other, share in translated(code, source, revision).items():
                rows.append(row)
                columns.append(codes.setdefault(other, len(codes)))
                values.append(share / (1 + place) ** _PLACE)
    return Receivers(tuple(codes), csr_matrix((values, (rows, columns)), shape=(count, len(codes))))


@cache
def classes() -> Named:
    """Material classes by name."""
    table = tables()["materials"]
    texts, owner = named(table)
    return Named(space(texts), owner, len(table), tuple(tuple(codes or ()) for codes in table["low_codes"]), tuple(table["carrier"]))


@cache
def typologies() -> Named:
    """Typologies by name."""
    table = catalogue()["typologies"]
    texts, owner = named(table)
    return Named(space(texts), owner, len(table), tuple((code,) if code else () for code in table["low_code"]), tuple(table["carrier"]))


@cache
def typology_donors(revision: str) -> tuple[str | None, ...]:
    """Industry of each typology."""
    return tuple(_main(code, revision) for code in catalogue()["typologies"]["nace"])


@cache
def use_receivers(revision: str) -> Receivers:
    """Who takes what by the uses of typologies."""
    return receivers(catalogue()["uses"]["receiver_nace"], revision)


@cache
def class_receivers(revision: str) -> Receivers:
    """Who takes what by the uses of classes."""
    return receivers(catalogue()["class_uses"]["receivers"], revision)


@cache
def _class_links() -> tuple[Ints, tuple[Ints, ...], Ints, csr_matrix]:
    """Class of each use, its typologies, class of each typology, and classes over the classes that hold for them."""
    of_class, of_typology = tables()["materials"].index, catalogue()["typologies"].index
    uses = catalogue()["uses"]
    use_class = np.array([of_class[name] for name in uses["material"]])
    use_typologies = tuple(np.array([of_typology[name] for name in names or ()], dtype=np.int64) for names in uses["typologies"])
    typology_class = np.array([of_class[name] for name in catalogue()["typologies"]["material"]])
    return use_class, use_typologies, typology_class, _ancestry(of_class.keys())


def _ancestry(names: Iterable[str]) -> csr_matrix:
    """For each class in `class_uses` how much what is said of it holds for each class: itself and those below it."""
    order = {name: place for place, name in enumerate(names)}
    rows, columns, values = [], [], []
    for row, name in enumerate(catalogue()["class_uses"]["material"]):
        for other, place in order.items():
            if other == name or other.startswith(name + "."):
                rows.append(row)
                columns.append(place)
                values.append(_GENERATION ** (other.count(".") - name.count(".")))
    return csr_matrix((values, (rows, columns)), shape=(len(catalogue()["class_uses"]["material"]), len(order)))


@cache
def below(material: str) -> Ints:
    """Rows of a class and of the classes below it."""
    names = tables()["materials"].index
    return np.array([row for name, row in names.items() if name == material or name.startswith(f"{material}.")], dtype=np.int64)


def class_scores(asked: Query) -> Floats:
    """How near each material class is, 0 to 1; industry tells nothing here."""
    known = classes()
    texts = known.texts(asked)
    scores = nearness(asked, texts, [None] * known.size, known.lows)
    return scores * np.where(texts > 0, 1.0, _CODE_OF_CLASS)


def typology_scores(asked: Query, revision: str) -> Floats:
    """How near each typology is, 0 to 1."""
    known = typologies()
    return nearness(asked, known.texts(asked), typology_donors(revision), known.lows)


def use_scores(by_class: Floats, by_typology: Floats) -> Floats:
    """How near each use is: as its nearest typology, or as its class."""
    use_class, use_typologies, _, _ = _class_links()
    nearest = np.array([by_typology[each].max() if len(each) else 0.0 for each in use_typologies])
    nearer: Floats = np.maximum(nearest, _BY_CLASS * by_class[use_class])
    return nearer


def class_use_scores(by_class: Floats) -> Floats:
    """How near each use of a class is: as the class it speaks of or the nearest class below it."""
    ancestry = _class_links()[3]
    weighted = ancestry.multiply(by_class[None, :]).tocsr()
    return np.asarray(weighted.max(axis=1).todense()).ravel()


def lifted(by_class: Floats, by_typology: Floats) -> Floats:
    """Classes as near as the nearest typology of theirs, if that is nearer."""
    typology_class = _class_links()[2]
    found = by_class.copy()
    np.maximum.at(found, typology_class, 0.95 * by_typology)
    return found


def _main(code: str, revision: str) -> str | None:
    options = translated(code, "2.1", revision)
    return max(options, key=lambda each: options[each]) if options else None
