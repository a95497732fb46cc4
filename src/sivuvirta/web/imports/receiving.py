"""Receiving: what a weighbridge, an ERP or a laboratory delivers by itself: exchanges of one organisation, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sivuvirta.errors import Problem, SivuvirtaError
from sivuvirta.tables.cells import as_text
from sivuvirta.units.numbers import LARGEST
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.middleware import channel, through
from sivuvirta.web.imports.comparing import Compared, compare, settled
from sivuvirta.web.imports.endings import keep_endings
from sivuvirta.web.imports.files import UploadError, kind
from sivuvirta.web.imports.guessing import guess
from sivuvirta.web.imports.mapping import Plan, parts_of
from sivuvirta.web.imports.models import Delivery, Source
from sivuvirta.web.imports.sheets import Sheet, fit, read
from sivuvirta.web.registry.writes.batches import ADD, CHANGE, write
from sivuvirta.web.registry.writes.changing import RefusedError

TABLE = "exchanges"
MOST_ROWS = 5000
"""Rows of one delivery."""

_TOLD = 200  # problems told in one answer


class BadDeliveryError(SivuvirtaError):
    """A delivery of which nothing was kept. `problems` tells every cell that is at fault."""

    def __init__(self, text: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(text)
        self.problems = problems


class RepeatedError(SivuvirtaError):
    """A number of a delivery that was kept with other rows."""


def receive(source: Source, number: str, content: bytes, name: str = "delivery") -> dict[str, Any]:
    """Write a delivery into the register.

    Args:
        source: that sent it; it writes its organisation's exchanges alone.
        number: of the delivery, which the source gives it; the same one sent again changes nothing.
        content: JSON (`{"rows": [{column: cell}]}` or a list of rows), CSV, or a workbook.
        name: of the file, for people.

    Returns:
        How many rows were added, changed and already the same.

    Raises:
        BadDeliveryError: something of it cannot be kept.
        RepeatedError: the number stands for other rows.
        RefusedError: it delivers no more.
    """
    who = source.viewer
    if who is None:
        raise RefusedError(
            _("'%(name)s' delivers no more: its organisation has people of its own by now. They make sources of their own.")
            % {"name": source}
        )
    digest = hashlib.sha256(content).hexdigest()
    if (before := _before(source, number, digest)) is not None:
        return before
    found, told = _compared(source, who, content, name)
    try:
        with through(channel().name, channel().request or digest[:40]), transaction.atomic():
            delivery = Delivery.objects.create(source=source, number=number, digest=digest)
            keep_endings(source.register, found.given, who)
            done = write(source.register, found.lines(), who, source.shows)
            told |= {"delivery": number, "added": done[ADD], "changed": done[CHANGE]}
            Delivery.objects.filter(pk=delivery.pk).update(told=told)
            Source.objects.filter(pk=source.pk).update(used=timezone.now())
    except IntegrityError:
        if (before := _before(source, number, digest)) is not None:
            return before
        raise
    return told


def _before(source: Source, number: str, digest: str) -> dict[str, Any] | None:
    """What was answered to a delivery of this number; None where there was none."""
    found = Delivery.objects.filter(source=source, number=number).first()
    if found is None:
        return None
    if found.digest != digest:
        raise RepeatedError(
            _("Delivery '%(number)s' was kept before with other rows. Give new rows a number of their own.") % {"number": number}
        )
    return {**found.told, "repeated": True}


def _compared(source: Source, who: Viewer, content: bytes, name: str) -> tuple[Compared, dict[str, Any]]:
    sheet = _sheet(content, name)
    if len(sheet.rows) - 1 > MOST_ROWS:
        raise BadDeliveryError(_("A delivery holds at most %(most)s rows.") % {"most": MOST_ROWS})
    if sheet.faults:
        raise BadDeliveryError("\n".join(sheet.faults))
    how = guess(sheet, TABLE)
    fixed = {f"{TABLE}.grade": source.grade, f"{TABLE}.source": source.evidence, f"{TABLE}.donor": str(source.organisation)}
    parts = [part for part in parts_of({sheet.name: sheet}, Plan({sheet.name: how}, fixed)) if part.table == TABLE]
    if not parts or not parts[0].lines:
        raise BadDeliveryError(_("No column of the delivery is one of '%(table)s'.") % {"table": TABLE})
    unknown = [text for text, target in zip(map(as_text, sheet.rows[how.head]), how.targets, strict=False) if not target and text]
    found = compare(source.register, parts, who, secrets.token_hex())
    errors, _warnings = settled(found.problems)
    if errors:
        text = _("%(count)s cells are at fault; nothing was kept.") % {"count": len(errors)}
        raise BadDeliveryError(text, tuple(errors[:_TOLD]))
    return found, {"same": found.same, "left_out": unknown}


def _sheet(content: bytes, name: str) -> Sheet:
    if content.lstrip()[:1] in (b"{", b"["):
        return _json(content)
    with tempfile.TemporaryDirectory(prefix="sivuvirta-delivery-") as folder:
        place = Path(folder) / "file"
        place.write_bytes(content)
        try:
            found = read(kind(place), place, name)
        except UploadError as error:
            raise BadDeliveryError(str(error)) from error
    if len(found) > 1:
        raise BadDeliveryError(_("A delivery is one sheet."))
    return found[0]


def _json(content: bytes) -> Sheet:
    try:
        told = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadDeliveryError(_("The delivery is no JSON: %(error)s") % {"error": error}) from error
    rows = told.get("rows") if isinstance(told, dict) else told
    if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) for row in rows):
        raise BadDeliveryError(_('Write the rows as {"rows": [{"exchange": "...", ...}]}.'))
    header = list(dict.fromkeys(str(name) for row in rows for name in row))
    cells = [fit([_plain(row.get(name)) for name in header]) for row in rows]
    return Sheet("delivery", [fit(list(header)), *cells], list(range(len(rows) + 1)))


def said_number(content: bytes) -> str:
    """The number that a delivery says of itself in JSON; "" where it says none."""
    if content.lstrip()[:1] != b"{":
        return ""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    found = told.get("delivery")
    return str(found).strip() if isinstance(found, str | int) else ""


def _no_number(word: str) -> Any:
    """NaN and Infinity, which Python's reader takes and JSON does not know."""
    raise ValueError(word)


def _plain(value: Any) -> Any:
    if isinstance(value, int) and abs(value) > LARGEST:
        return str(value)  # no float holds it; the reader tells it
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise BadDeliveryError(_("A cell is a text, a number, true, false or null."))


def told_problems(error: BadDeliveryError) -> list[dict[str, Any]]:
    """Problems as an answer tells them."""
    return [
        {"row": each.row, "column": each.column, "value": each.value, "message": each.message, "repair": each.repair}
        for each in error.problems
    ]
