"""All indicators of a region, at the levels that are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import evolve

from sivuvirta.assess.circularity.asked import Asked, Found
from sivuvirta.assess.circularity.beside import published
from sivuvirta.assess.circularity.book import Book
from sivuvirta.assess.circularity.computed import COMPUTED
from sivuvirta.assess.circularity.contained import element
from sivuvirta.assess.circularity.definitions import DEFINITIONS, Definition, chosen
from sivuvirta.assess.circularity.elements import followed
from sivuvirta.assess.circularity.intervals import UNKNOWN
from sivuvirta.assess.circularity.ledgers import NO_PLAN, TODAY, State, diverted, hierarchy
from sivuvirta.assess.circularity.streams import fates_of
from sivuvirta.domain.indicators import Indicator, Indicators
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.region import Region


def indicators(
    region: Region, reference: Ledger | None, plans: Sequence[tuple[str, Ledger]] = (), level: str | None = None, only: Iterable[str] = ()
) -> Indicators:
    """Indicators of circularity of a region.

    Args:
        region: a checked region.
        reference: what flows today; None: nobody knows, and what a plan diverts and saves is unknown.
        plans: names and ledgers of plans over the same links, compared with the reference.
        level: product, site, organisation or region; None for all.
        only: short names; empty for all.

    Returns:
        Each indicator at each subject of which the register says something; unknown ones say what is missing.

    Raises:
        OptionError: a level or name does not exist, or an indicator is not defined at the level.
    """
    wanted = chosen(level, only)
    states = _states(reference, plans)
    book = Book(region, states[0].fates if states and states[0].name == TODAY else None)
    found: list[Indicator] = []
    for definition in wanted.values():
        for at, subject in book.subjects:
            if at in definition.levels and level in (None, at):
                found += _one(book, states, definition, at, subject)
    order = {name: number for number, name in enumerate(DEFINITIONS)}
    levels = {each: number for number, each in enumerate(("region", "organisation", "site", "product"))}
    found.sort(key=lambda each: (levels[each.level], each.subject if each.level != "region" else "", order[each.indicator]))
    return Indicators(tuple(found))


def _states(reference: Ledger | None, plans: Sequence[tuple[str, Ledger]]) -> list[State]:
    """Today, where it is known, then the plans."""
    if reference is None:
        return [State(name, fates_of(ledger), None) for name, ledger in plans]
    today = fates_of(reference)
    return [State(TODAY, today, None), *(State(name, fates_of(ledger), today) for name, ledger in plans)]


def _one(book: Book, states: Sequence[State], definition: Definition, level: str, subject: str) -> list[Indicator]:
    name = definition.indicator
    if name in COMPUTED:
        return [_told(book, definition, (level, subject, TODAY), COMPUTED[name](Asked(book, level, subject)))]
    if name.startswith(("hierarchy_", "extractive_")):
        shares = [(each.name, hierarchy(book, each, level, subject, name)) for each in states]
        return [_told(book, definition, (level, subject, state), found) for state, found in shares if found is not None]
    compared = [each for each in states if each.name != TODAY] or states
    if name.startswith("diverted"):
        extractive = name == "diverted_extractive"
        return [_told(book, definition, (level, subject, each.name), diverted(book, each, extractive)) for each in compared]
    if name == "critical_saved" and compared == states and states[0].name == TODAY:
        return [_told(book, definition, (level, subject, TODAY), Found(UNKNOWN, missing=(NO_PLAN,)))]
    return _elements(book, states if name != "critical_saved" else compared, definition, level)


def _elements(book: Book, states: Sequence[State], definition: Definition, level: str) -> list[Indicator]:
    found = []
    for each in followed(book.region):
        for state in states:
            one = element(book, state, definition.indicator, each)
            noted = evolve(one, note=" ".join(part for part in (each.note, one.note) if part))
            found.append(_told(book, definition, (level, each.component, state.name), noted))
    return found


def _told(book: Book, definition: Definition, of: tuple[str, str, str], found: Found) -> Indicator:
    level, subject, state = of
    return Indicator(
        region=book.region.name,
        indicator=definition.indicator,
        name=definition.name,
        framework=definition.framework,
        level=level,
        subject=subject,
        state=state,
        unit=definition.unit,
        value=found.range.value,
        low=found.range.low,
        high=found.range.high,
        grade=max((each.grade for each in found.inputs), default="") if found.range.known else "",
        formula=definition.formula,
        inputs=found.inputs,
        missing=found.missing,
        published=published(book.region, (level, subject, definition.indicator), found.range),
        note=found.note,
        bound=found.bound,
        of=_titled(book, level, subject),
        vintage="" if book.region.vintage is None else str(book.region.year),
        behind=found.behind,
        cap=found.cap,
    )


def _titled(book: Book, level: str, subject: str) -> str:
    """A subject in words: product and site, site, organisation; an element at the level of the region."""
    if level == "region":
        names = {row["component"]: str(row["name"]) for row in book.region.table("critical_materials").rows()}
        name = names.get(subject, subject)
        return f"{name} ({subject})" if list(names.values()).count(name) > 1 else name
    if level == "organisation":
        return _name(book, "organisations", subject)
    site, _, product = subject.partition("/")
    return f"{book.named(product)}, {_name(book, 'sites', site)}" if product else _name(book, "sites", site)


def _name(book: Book, table: str, key: str) -> str:
    found = book.region.table(table)
    return str(found["name"][found.index[key]]) if key in found.index else key
