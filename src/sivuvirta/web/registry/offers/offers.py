"""Offers: what somebody lists in three fields, what, how much and where, made into rows of the register, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen
from django.db import transaction
from django.utils.translation import gettext as _

from sivuvirta.errors import SivuvirtaError
from sivuvirta.tables.schema import schema
from sivuvirta.web.accounts.viewer import Viewer, system
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.models import MODELS, Register, model
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.seen.words import plain
from sivuvirta.web.registry.writes.changing import add
from sivuvirta.web.registry.writes.checking import Checked, check
from sivuvirta.web.registry.writes.keys import free_key

TOLD = "told_on_the_platform"
"""Key of the source of what people list: their own word."""


@frozen(kw_only=True)
class Offer:
    """What was listed."""

    table: str  # streams or needs
    what: str  # in their own words
    material: str
    amount: str
    unit: str
    basis: str = "as_sent"
    site: str = ""  # a site that is there, else
    organisation: str = ""  # whose new site
    place: str = ""  # its name
    lat: str = ""
    lon: str = ""


class OfferError(SivuvirtaError):
    """What was listed cannot be kept so. `faults` tells why, by field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


def keep(register: Register, offer: Offer, by: Viewer, circle: Level) -> Row:
    """The row of a stream or need with its amount, and its site where that is new; in one transaction.

    Raises:
        OfferError: a field cannot be read or does not go with the others.
        RefusedError: the viewer may not add that.
    """
    with transaction.atomic():
        source = told_source(register)
        made = [] if offer.site else [_site(register, offer, by, circle)]
        cells = {
            schema()[offer.table].key[0]: free_key(register, offer.table, "", offer.what),
            "name": offer.what,
            "site": offer.site or made[0].row_key,
            "material": offer.material,
            "source": source,
            "grade": "C",
        }
        row = _added(register, offer.table, cells, (by, circle), made)
        _amount(register, offer, row, (by, circle))
    return row


def told_source(register: Register) -> str:
    """Key of the source that stands for people's own word; made where the register has it not yet."""
    if not model("sources").objects.filter(register=register, row_key=TOLD).exists():
        citation = "Told on the platform by who holds the row; no document was seen"
        add(register, "sources", {"source": TOLD, "citation": citation}, system("platform"), Level.PUBLIC)
    return TOLD


def _site(register: Register, offer: Offer, by: Viewer, circle: Level) -> Row:
    if not (offer.lat and offer.lon):
        raise OfferError({"where": _("Choose a site, or click on the map where it is.")})
    if not offer.organisation:
        raise OfferError({"where": _("Say whose place it is.")})
    name = offer.place or _("Site of %(what)s") % {"what": offer.what}
    cells = {
        "site": free_key(register, "sites", "", name),
        "name": name,
        "organisation": offer.organisation,
        "lat": offer.lat,
        "lon": offer.lon,
    }
    return _added(register, "sites", {**cells, "grade": "C", "source": TOLD}, (by, circle))


def _amount(register: Register, offer: Offer, row: Row, by: tuple[Viewer, Level]) -> None:
    """The amount of a year; where the moisture is not known, an amount as sent is kept as one of unknown basis, grade D."""
    cells = {
        "table": offer.table,
        "subject": row.row_key,
        "vintage": register.vintage,
        "reported_value": offer.amount,
        "reported_unit": offer.unit,
    }
    cells |= {"grade": "C", "source": TOLD, "status": "estimated", "reported_basis": offer.basis if offer.table == "streams" else ""}
    found = check(register, "quantities", cells, by[0], [row])
    if any(problem.rule == "no_moisture" for problem in found.errors):
        found = check(register, "quantities", {**cells, "reported_basis": "unknown"}, by[0], [row])
    _refuse(found, {"reported_value": "amount", "reported_unit": "amount", "value": "amount"})
    add(register, "quantities", found.values, *by)


def _added(register: Register, table: str, cells: Mapping[str, str], by: tuple[Viewer, Level], here: Sequence[Row] = ()) -> Row:
    found = check(register, table, cells, by[0], here)
    _refuse(found, {"name": "what", "material": "what", "site": "where", "lat": "where", "lon": "where", "organisation": "where"})
    return add(register, table, found.values, *by)


def _refuse(found: Checked, fields: Mapping[str, str]) -> None:
    faults: dict[str, Any] = {}
    for problem in map(plain, found.errors):
        field = fields.get(problem.column or "", "")
        faults[field] = f"{faults.get(field, '')} {problem.message} {problem.repair}".strip()
    if faults:
        raise OfferError(faults)


def sites_of(register: Register, by: Viewer) -> Any:
    """Sites at which a viewer may list something."""
    return MODELS["sites"].objects.filter(register=register).restrict(by, "change").order_by("name", "pk")
