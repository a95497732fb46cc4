"""Exports: a list as a file, the same rows and only what the viewer sees of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from sivuvirta.tables.harmless import harmless
from sivuvirta.tables.schema import LIST_SEPARATOR
from sivuvirta.web.registry.lists.listing import Listing
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.schemas import AMOUNT
from sivuvirta.web.registry.seen.seeing import noted

_CHUNK = 2000


def export(listing: Listing, wanted: str) -> HttpResponse | StreamingHttpResponse:
    """A list as a file.

    Args:
        listing: what was asked for; all its pages are written.
        wanted: csv or xlsx.

    Raises:
        Http404: there is no such format.
    """
    name = f"{listing.register.slug}-{listing.table.name}.{wanted}"
    if wanted == "csv":
        response: Any = StreamingHttpResponse(_csv(listing), content_type="text/csv; charset=utf-8")
    elif wanted == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response = HttpResponse(_xlsx(listing), content_type=kind)
    else:
        raise Http404(wanted)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _values(listing: Listing) -> Iterator[list[Any]]:
    """The head, then row by row what is shown of it, None where it is unknown or hidden."""
    names = (*listing.table.columns, *(name for name in AMOUNT if name in listing.asked.columns))
    yield list(names)
    for row in _shown(listing):
        told = row.shown_to(listing.viewer)
        values = [told.get(name) if name in listing.table.columns else getattr(row, name) for name in names]
        yield [LIST_SEPARATOR.join(value) if isinstance(value, list) else value for value in values]


def _shown(listing: Listing) -> Iterator[Row]:
    """The rows, each noted as seen where it is confidential."""
    rows = listing.rows.iterator(chunk_size=_CHUNK)
    while part := list(islice(rows, _CHUNK)):
        yield from noted(listing.register, part, listing.viewer)


def _csv(listing: Listing) -> Iterator[str]:
    yield "\ufeff"  # so that spreadsheets read it as UTF-8
    for values in _values(listing):
        line = io.StringIO()
        csv.writer(line).writerow(["" if value is None else _plain(value) for value in values])
        yield line.getvalue()


def _xlsx(listing: Listing) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(listing.table.name)
    for values in _values(listing):
        sheet.append([_text(sheet, value) if isinstance(value, str) else value for value in values])
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def _text(sheet: Any, value: str) -> Any:
    """A cell that is text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub(" ", value))  # signs that no workbook can hold
    cell.data_type = "s"
    return cell


def _plain(value: Any) -> Any:
    """A value that a spreadsheet does not run."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return harmless(value) if isinstance(value, str) else value
