"""Rules of the register: vintages, quantities, where things are, what happens to a stream today."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft
from sivuvirta.tables.suggestions import waste_code
from sivuvirta.units.months import is_season, months

_SEASONS = (("streams", "season"), ("needs", "season"), ("periods", "months"))


def vintages(draft: Draft) -> Iterator[Problem]:
    """A register describes at least one year, and one at most is shown by default."""
    table = draft.tables["vintages"]
    if not len(table) and draft.complete("vintages"):
        yield draft.problem(
            "vintages",
            None,
            None,
            "no_vintage",
            "The register has no vintage.",
            "Add a row to 'vintages': the year that the quantities describe.",
        )
    chosen = [row for row, default in enumerate(table["default"].tolist()) if default]
    for row in chosen[1:]:
        message = f"Row {draft.line('vintages', chosen[0])} is the default already."
        yield draft.problem("vintages", row, "default", "two_defaults", message, "Write yes in one row.")


def quantity_figures(draft: Draft) -> Iterator[Problem]:
    """A quantity states a figure, and a year is not counted beside its parts."""
    if not draft.present("quantities"):
        return
    columns = draft.tables["quantities"].columns
    figures = zip(columns["value"].tolist(), columns["reported_value"].tolist(), strict=True)
    for row, (value, reported) in enumerate(figures):
        unread = any(("quantities", name, row) in draft.unread for name in ("value", "reported_value"))
        if math.isnan(value) and math.isnan(reported) and not unread:
            repair = "Give 'value', or 'reported_value' with its unit and basis; delete the row where it is not known."
            yield draft.problem("quantities", row, "value", "no_figure", "The row has no figure.", repair)
    subjects = list(zip(*(columns[name].tolist() for name in ("table", "subject", "vintage")), strict=True))
    whole = {key: row for row, (key, period) in enumerate(zip(subjects, columns["period"].tolist(), strict=True)) if period is None}
    for row, (key, period) in enumerate(zip(subjects, columns["period"].tolist(), strict=True)):
        if period is not None and key in whole:
            message = f"'{key[1]}' has the whole year in row {draft.line('quantities', whole[key])}, which holds this part too."
            yield draft.problem("quantities", row, "period", "year_and_part", message, "Delete one: parts of a year are added up.")


def need_places(draft: Draft) -> Iterator[Problem]:
    """A need stands at a site or in a zone."""
    if not draft.present("needs"):
        return
    columns = draft.tables["needs"].columns
    for row, (site, zone) in enumerate(zip(columns["site"].tolist(), columns["zone"].tolist(), strict=True)):
        if site is None and zone is None:
            yield draft.problem("needs", row, "site", "no_place", "The need has neither a site nor a zone.", "Give one of the two.")


def fate_origins(draft: Draft) -> Iterator[Problem]:
    """A fate takes a stream, or an output of a technology."""
    if not draft.present("fates"):
        return
    columns = draft.tables["fates"].columns
    rows = zip(*(columns[name].tolist() for name in ("stream", "technology", "output")), strict=True)
    for row, (stream, technology, output) in enumerate(rows):
        if stream is not None and (technology is not None or output is not None):
            yield draft.problem(
                "fates", row, "stream", "two_origins", "The fate takes a stream and an output.", "Leave one of the two empty."
            )
        elif stream is None and (technology is None or output is None):
            yield draft.problem(
                "fates", row, "stream", "no_origin", "The fate takes nothing.", "Give its stream, or a technology with one of its outputs."
            )


def streams_without_fate(draft: Draft) -> Iterator[Problem]:
    """A benefit is counted against what happens today, so a stream that flows should have a fate."""
    if not draft.present("streams", "quantities"):
        return
    columns = draft.tables["streams"].columns
    quantities = draft.tables["quantities"].columns
    rows = zip(quantities["table"].tolist(), quantities["subject"].tolist(), quantities["value"].tolist(), strict=True)
    flowing = {subject for table, subject, value in rows if table == "streams" and value > 0}
    parents = zip(columns["stream"].tolist(), columns["parent"].tolist(), columns["part"].tolist(), strict=True)
    split = {parent for stream, parent, part in parents if part == "split" and stream in flowing}
    with_fate = set(draft.tables["fates"]["stream"].tolist())
    for row, stream in enumerate(columns["stream"].tolist()):
        if stream in flowing and stream not in split and stream not in with_fate and not draft.may_hold("fates", stream):
            message = f"What happens to '{stream}' today is not known: it has no fate."
            yield draft.problem(
                "streams", row, "stream", "no_fate", message, "Add its outlet to 'fates'; benefits are counted against it.", level="warning"
            )


def stock_contents(draft: Draft) -> Iterator[Problem]:
    """A stock holds a stream, or an output that a plant has."""
    if not draft.present("stocks"):
        return
    made = draft.merged["recipe_outputs"]
    outputs = set(zip(made["technology"].tolist(), made["output"].tolist(), strict=True))
    technology, columns = draft.lookup("plants", "technology"), draft.tables["stocks"].columns
    rows = zip(*(columns[name].tolist() for name in ("stream", "plant", "output")), strict=True)
    for row, (stream, plant, output) in enumerate(rows):
        if (stream is None) == (plant is None) or (plant is None) != (output is None):
            message = (
                "It holds neither a stream nor a plant's output." if stream is None else "It holds a stream and a plant's output at once."
            )
            repair = "Name the stream alone, or the plant and its output."
            yield draft.problem("stocks", row, "stream" if stream is None else "plant", "stock_of_what", message, repair)
        elif plant in technology and (technology[plant], output) not in outputs and draft.complete("recipe_outputs"):
            known = sorted(name for of, name in outputs if of == technology[plant])
            message = f"'{plant}' runs '{technology[plant]}', which has no output '{output}'."
            yield draft.problem("stocks", row, "output", "dangling_key", message, f"Write one of: {', '.join(known)}.")


def seasons(draft: Draft) -> Iterator[Problem]:
    """A season is months by number."""
    for table, column in (*_SEASONS, ("seasons", "months"), ("roads", "limit_months")):
        if not draft.present(table):
            continue
        for row, season in enumerate(draft.tables[table][column].tolist()):
            if season is not None and not is_season(season):
                yield draft.problem(
                    table, row, column, "season", f"'{season}' is no season.", "Write the months by number, for example 5-9 or 11-3."
                )


def seasons_of_the_year(draft: Draft) -> Iterator[Problem]:
    """Seasons cover the twelve months, each once; traffic by season would lose or double what they do not."""
    if not draft.present("seasons"):
        return
    given = draft.tables["seasons"]["months"].tolist()
    if not given or not all(text is not None and is_season(text) for text in given):
        return
    times = [sum(months(text) >> month & 1 for text in given) for month in range(12)]
    wrong = [str(month + 1) for month, count in enumerate(times) if count != 1]
    if wrong:
        message = f"In no season or in several: month {', '.join(wrong)}."
        yield draft.problem("seasons", None, "months", "season", message, "Let the seasons cover the twelve months, each once.")


def waste_codes(draft: Draft) -> Iterator[Problem]:
    """A List of Waste code exists, and its star agrees with what is said of the hazard."""
    hazardous = draft.lookup("low_codes", "hazardous")
    if not draft.present("streams") or not hazardous:
        return
    columns = draft.tables["streams"].columns
    repairs: dict[str, str] = {}
    for row, (code, hazard) in enumerate(zip(columns["low_code"].tolist(), columns["hazardous"].tolist(), strict=True)):
        plain = code.rstrip("* ") if code else None
        if plain is None:
            continue
        if plain not in hazardous:
            repair = repairs.get(plain) or repairs.setdefault(plain, waste_code(_paired(plain), hazardous))
            yield draft.problem("streams", row, "low_code", "dangling_key", f"'{code}' is not in the List of Waste.", repair)
        elif hazardous[plain] and hazard == "no":
            message = f"'{plain}' is a hazardous entry, but the stream is said not to be hazardous."
            yield draft.problem("streams", row, "hazardous", "hazard_and_code", message, "Correct one of the two.", level="warning")


def _paired(code: str) -> str:
    """The digits of a code as the List of Waste parts them."""
    digits = "".join(sign for sign in code if sign.isdigit())
    return f"{digits[:2]} {digits[2:4]} {digits[4:]}"


def road_ends(draft: Draft) -> Iterator[Problem]:
    """A road joins two places."""
    if not draft.present("roads"):
        return
    columns = draft.tables["roads"].columns
    for row, (start, end) in enumerate(zip(columns["from_place"].tolist(), columns["to_place"].tolist(), strict=True)):
        if start is not None and start == end:
            yield draft.problem("roads", row, "to_place", "loop", f"The road leads from '{start}' to itself.", "Give its other end.")
