"""Taking: the register as a data package, for anybody, as they see it."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sivuvirta.web.accounts.viewer import viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.core.limiting import WINDOW, seldom
from sivuvirta.web.registry.addresses import register_at
from sivuvirta.web.registry.lists.packing import zipped

TAKE = "take"
_KIND = "application/zip"
_KEPT = 4_000_000  # bytes of a file that are kept in memory; a larger one goes to the disk
MOST = 20
"""Times a minute that one address or person may take it."""


@require_safe
def take(request: HttpRequest, slug: str) -> FileResponse | HttpResponse:
    """What the viewer sees of a register, as one file; the log tells that it was taken, by whom, and how much.

    It is written first, to a file of its own where it is large, and sent then: what cannot be written whole is not sent in part.
    """
    register, who = register_at(slug), viewer(request.user)
    if not seldom(request, TAKE, MOST):
        response = render(request, "core/limited.html", {"seconds": WINDOW}, status=429)
        response["Cache-Control"], response["Retry-After"] = "no-store", str(WINDOW)
        return response
    file = SpooledTemporaryFile(_KEPT)  # noqa: SIM115 - closed below, or by the response that sends it
    try:
        counts = zipped(register, who, file)
        size = file.tell()
        entry(who.name, TAKE, (register.slug, "", ""), None, counts).save()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    if size > _KEPT:
        return FileResponse(file, as_attachment=True, filename=f"{register.slug}.zip", content_type=_KIND)
    with file:
        return HttpResponse(file.read(), _KIND, headers={"Content-Disposition": f'attachment; filename="{register.slug}.zip"'})
