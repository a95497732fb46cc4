"""Notices: what is shown does not reach where it was meant to: law of a day before any, a scenario of another vintage."""

from __future__ import annotations

from attrs import evolve

from sivuvirta.domain.region import Region
from sivuvirta.errors import Problem

OTHER_VINTAGE, BEFORE_LAW = "other_vintage", "before_law"
_RULES = (OTHER_VINTAGE, BEFORE_LAW)
_LAW = {"limits": "limit", "rules": "rule", "legal_paths": "legal path"}


def notices(region: Region) -> tuple[Problem, ...]:
    """Those among the warnings of a region."""
    return tuple(problem for problem in region.warnings if problem.rule in _RULES)


def with_law(region: Region) -> Region:
    """A region whose warnings say which parts of the law begin after the day asked for; one that was asked for no day stays as it is."""
    kept = tuple(problem for problem in region.warnings if problem.rule != BEFORE_LAW)
    late = {}
    for name, words in _LAW.items():
        dated = [day for day in region.table(name)["valid_from"].tolist() if day]
        if region.on and dated and region.on < min(dated):
            late[words] = min(dated)
    if late:
        begins = ", ".join(f"no {words} begins before {day}" for words, day in late.items())
        message = f"The law of {region.on} is asked for, and of what is registered {begins}: what bound then is not known."
        repair = "Choose a later day, or read the result as if there were no such law."
        kept = (*kept, Problem(file="law", rule=BEFORE_LAW, message=message, repair=repair, level="warning"))
    return region if kept == region.warnings else evolve(region, warnings=kept)


def other_vintage(scenario: str, dated: list[str], vintage: str | None, rows: int) -> Problem | None:
    """A warning where rows of a scenario that name a vintage all name others than the one shown.

    Args:
        scenario: its name.
        dated: vintage named by each row that names one.
        vintage: the one shown.
        rows: how many rows the scenario has.
    """
    if not dated or vintage in dated:
        return None
    named = ", ".join(dict.fromkeys(dated))
    does = "so it changes nothing here" if len(dated) == rows else "so only its other rows change something here"
    message = f"{len(dated)} of its {rows} rows speak of {named}, and {vintage} is shown, {does}."
    return Problem(
        file=f"scenario '{scenario}'",
        rule=OTHER_VINTAGE,
        message=message,
        repair=f"Show that year: vintage {named}.",
        table="scenarios",
        level="warning",
    )
