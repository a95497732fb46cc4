"""The ranked tables of a suggestion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from sivuvirta.domain.table import Table
from sivuvirta.library import catalogue, tables
from sivuvirta.suggest.features import said, vector
from sivuvirta.suggest.nace import names
from sivuvirta.suggest.precedents import Precedents, published
from sivuvirta.suggest.processes import processes
from sivuvirta.suggest.query import Floats
from sivuvirta.suggest.ranking import Ranking, by_division, maturity
from sivuvirta.suggest.reasons import exchange_words, receiver_reasons

_NEAR = 0.15  # what is less near than this is not shown
_LIKE = 0.4  # exchanges less near than this are not like
_EQUAL = 0.1  # exchanges nearer to each other than this are equally like
_CLEAR = 0.5  # contents are told of classes at least so near
_MOST_CLASSES = 3
_CLASS = len("24.10")  # exchanges may name a group or division alone; they count for divisions
_TEXTS = ("name_en", "name_fi", "name_sv", "name_es")


def table(name: str, key: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Table:
    """Rows as a table; numbers are float64."""
    numbers = {"score", "value", "low", "high", "maturity"}
    made = {
        column: np.array([row[column] for row in rows], dtype=float if column in numbers else object).reshape(len(rows))
        for column in columns
    }
    return Table(name, (key,), made)


def materials(ranked: Ranking, text: str, k: int) -> Table:
    """Classes that the stream may be of."""
    known = tables()["materials"]
    rows = []
    for row in _best(ranked.classes, k):
        words = _shared(text, [known[name][row] for name in _TEXTS])
        reason = f"the text names it: {words}" if words else "its waste code, or a typical stream of that industry, is of this class"
        rows.append({"material": known["material"][row], "name": known["name_en"][row], "score": ranked.classes[row], "reason": reason})
    return table("materials", "material", rows, ("material", "name", "score", "reason"))


def contents(ranked: Ranking) -> Table:
    """What the nearest classes likely contain."""
    known, classes = catalogue()["typology_contents"], tables()["materials"]
    near = [row for row in _best(ranked.classes, _MOST_CLASSES) if ranked.classes[row] >= _CLEAR]
    rows: list[dict[str, Any]] = []
    for place in near:
        name = classes["material"][place]
        holder = next((each for each in _lineage(name) if (known["material"] == each).any()), None)
        for row in np.flatnonzero(known["material"] == holder) if holder else ():
            if known["typology"][row] is None or _near_typology(ranked, known["typology"][row]):
                reason = f"typical of {holder}" + (f" as {known['typology'][row]}" if known["typology"][row] else "")
                figures = {
                    column: known[column][row] for column in ("component", "kind", "value", "low", "high", "unit", "grade", "source")
                }
                rows.append({"material": holder, **figures, "score": ranked.classes[place], "reason": reason})
    unique = {(row["material"], row["component"], row["kind"], row["reason"]): row for row in reversed(rows)}
    columns = ("material", "component", "kind", "value", "low", "high", "unit", "grade", "source", "score", "reason")
    return table("contents", "component", list(reversed(unique.values())), columns)


def uses(ranked: Ranking, k: int) -> Table:
    """What the stream may become, ripe uses first among equals."""
    known = catalogue()["uses"]
    scores = ranked.uses * np.sqrt(maturity())
    rows = []
    for row in _best(scores, k):
        plain = {column: known[column][row] for column in ("use", "text", "stream", "conditions", "maturity", "grade", "source")}
        reason = f"a use of {known['stream'][row]}, as near as {ranked.uses[row]:.2f} of 1 (source {known['source'][row]})"
        rows.append({**plain, "receivers": "; ".join(known["receiver_nace"][row]), "score": scores[row], "reason": reason})
    columns = ("use", "text", "stream", "receivers", "conditions", "maturity", "grade", "source", "score", "reason")
    return table("uses", "use", rows, columns)


def technologies(ranked: Ranking, k: int) -> Table:
    """Processes that the uses need, or that take such a class."""
    known = tables()["technologies"]
    best = sorted(processes(ranked).items(), key=lambda item: (-item[1][0], item[0]))[:k]
    rows = [{"technology": key, "name": known["name"][known.index[key]], "score": score, "reason": why} for key, (score, why) in best]
    return table("technologies", "technology", rows, ("technology", "name", "score", "reason"))


def industries(ranked: Ranking, revision: str, own: Precedents | None, k: int) -> tuple[Table, Table]:
    """Classes and divisions of industries that may take it; a division has the root of the sum of squares of its classes."""
    title = names(revision)
    codes = [code for code in ranked.scores if len(code) == _CLASS][:k]
    reasons = receiver_reasons(ranked, codes, revision, own)
    rows = [
        {"nace4": code, "nace2": code[:2], "name": title.get(code, ""), "score": ranked.scores[code], "reason": reason}
        for code, reason in zip(codes, reasons, strict=True)
    ]
    best = sorted(by_division(ranked.scores).items(), key=lambda item: (-item[1], item[0]))[:k]
    first = {code: next(each for each in ranked.scores if each[:2] == code) for code, _ in best}
    why = receiver_reasons(ranked, list(first.values()), revision, own)
    groups = [
        {"nace2": code, "name": title.get(code, ""), "score": score, "reason": f"{first[code]} {reason}"}
        for (code, score), reason in zip(best, why, strict=True)
    ]
    return (
        table("receivers", "nace4", rows, ("nace4", "nace2", "name", "score", "reason")),
        table("divisions", "nace2", groups, ("nace2", "name", "score", "reason")),
    )


def exchanges(ranked: Ranking, revision: str, own: Precedents | None, k: int) -> Table:
    """Exchanges of like streams, the user's and the library's; those that failed too, and of equally like ones what runs first."""
    sources = [("published", published(revision), ranked.published), *([("yours", own, ranked.own)] if own is not None else [])]
    found = [(float(near[row]), kind, known, int(row)) for kind, known, near in sources for row in np.flatnonzero(near >= _LIKE).tolist()]
    rows = []
    for score, kind, known, row in sorted(found, key=lambda item: (-_step(item[0]), -item[2].sign[item[3]], -item[0]))[:k]:
        why = f"; {known.reason[row]}" if known.reason[row] else ""
        rows.append(
            {
                "exchange": f"{kind} {row + 1}",
                "text": known.text[row],
                "donor_nace": known.donor[row],
                "receiver_nace": "; ".join(known.taken[row]),
                "use": known.use[row],
                "status": known.status[row],
                "country": known.country[row],
                "source": known.told_by[row],
                "score": score,
                "reason": exchange_words(known, row, kind) + why,
            }
        )
    columns = ("exchange", "text", "donor_nace", "receiver_nace", "use", "status", "country", "source", "score", "reason")
    return table("exchanges", "exchange", rows, columns)


def _step(score: float) -> float:
    """A score in steps within which exchanges are equally like."""
    return round(score / _EQUAL) * _EQUAL


def _best(scores: Floats, k: int) -> list[int]:
    order = np.argsort(-scores, kind="stable")[:k]
    return [int(row) for row in order if scores[row] > _NEAR]


def _lineage(name: str) -> Iterable[str]:
    parts = name.split(".")
    return (".".join(parts[:end]) for end in range(len(parts), 0, -1))


def _near_typology(ranked: Ranking, name: str) -> bool:
    return bool(ranked.typologies[catalogue()["typologies"].index[name]] >= _CLEAR)


def _shared(text: str, names_: Iterable[str | None]) -> str:
    """Ideas that a text shares with names, in words."""
    told = vector(text).keys()
    shared = {feature for name in names_ if name for feature in vector(name).keys() & told}
    ideas = sorted(said(feature.removeprefix("c:")) for feature in shared if feature.startswith("c:"))
    return ", ".join(ideas or sorted(feature.removeprefix("w:") for feature in shared))
