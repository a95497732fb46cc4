"""Rules of legal paths: what they start from and lead to, where they are closed, who has signed them off."""

from __future__ import annotations

from collections.abc import Iterator

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft
from sivuvirta.tables.schema import schema
from sivuvirta.tables.suggestions import did_you_mean, waste_code

OUT_OF_WASTE = frozenset({"product", "by_product", "end_of_waste"})
"""Kinds of path that give a material the status of their name."""


def path_members(draft: Draft) -> Iterator[Problem]:
    """A path starts from statuses, and is closed in kinds of zone, that exist."""
    if not draft.present("legal_paths"):
        return
    known = {
        "starts_from": schema()["streams"].columns["legal_status"].choices,
        "excluded_zones": schema()["zones"].columns["kind"].choices,
    }
    for column, choices in known.items():
        for row, members in enumerate(draft.tables["legal_paths"][column].tolist()):
            for member in members or ():
                if member not in choices:
                    repair = did_you_mean(member, choices) or f"Write some of: {', '.join(choices)}."
                    yield draft.problem("legal_paths", row, column, "choice", f"'{member}' is none of the choices.", repair)


def path_status(draft: Draft) -> Iterator[Problem]:
    """A path to a status leads to that status."""
    if not draft.present("legal_paths"):
        return
    columns = draft.tables["legal_paths"].columns
    for row, (kind, leads_to) in enumerate(zip(columns["kind"].tolist(), columns["leads_to"].tolist(), strict=True)):
        if kind in OUT_OF_WASTE and leads_to is not None and leads_to != kind:
            message = f"A path of kind '{kind}' leads to '{kind}', not to '{leads_to}'."
            yield draft.problem("legal_paths", row, "leads_to", "path_status", message, f"Write {kind}, or correct the kind.")


def path_signatures(draft: Draft) -> Iterator[Problem]:
    """Who signs a path off says when, and a day has a signature."""
    if not draft.present("legal_paths"):
        return
    columns = draft.tables["legal_paths"].columns
    for row, (by, on) in enumerate(zip(columns["signed_off_by"].tolist(), columns["signed_off_on"].tolist(), strict=True)):
        if (by is None) == (on is None):
            continue
        if by is None:
            message, repair = "It was signed off, but by whom is not said.", "Give the role or organisation in 'signed_off_by'."
            yield draft.problem("legal_paths", row, "signed_off_by", "sign_off", message, repair)
        else:
            message, repair = f"'{by}' signed it off, but when is not said.", "Give the day in 'signed_off_on'."
            yield draft.problem("legal_paths", row, "signed_off_on", "sign_off", message, repair)


def permit_codes(draft: Draft) -> Iterator[Problem]:
    """The codes that a permit lists exist."""
    codes = draft.keys("low_codes")
    if not draft.present("permits") or not codes:
        return
    repairs: dict[str, str] = {}
    for row, members in enumerate(draft.tables["permits"]["low_codes"].tolist()):
        for member in members or ():
            if member.rstrip("* ") not in codes:
                repair = repairs.get(member) or repairs.setdefault(member, waste_code(member, codes))
                yield draft.problem("permits", row, "low_codes", "dangling_key", f"'{member}' is not in the List of Waste.", repair)
