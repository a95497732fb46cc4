"""Warming: what the first people who ask would wait for is done before the server says that it answers."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from logging import getLogger
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import Error
from django.http import Http404
from django.template.loader import get_template
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import translation

from sivuvirta import library
from sivuvirta.web.accounts.viewer import VISITOR
from sivuvirta.web.registry.addresses import row_address
from sivuvirta.web.registry.models import Register, model

_TABLE = "streams"
_log = getLogger("sivuvirta.server")


def warm() -> None:
    """Read languages, addresses, templates and the library, and draw the first register's pages as a visitor sees them, for nobody.

    Nothing is counted, logged or kept of these pages but what every page keeps. What is loaded then stays, and is not looked through for
    what could be thrown away; processes that are started afterwards have it in common.
    """
    library.tables()
    for code, _ in settings.LANGUAGES:
        with translation.override(code):
            reverse("home")  # addresses are looked up by language
            translation.gettext("Sivuvirta")
    for name in _templates():
        get_template(name)
    try:
        _drawn()
    except (Error, Http404):
        _log.warning("The first pages could not be drawn before the server answers; who asks first waits a little longer.", exc_info=True)
    gc.collect()
    gc.freeze()


def _templates() -> Iterator[str]:
    """Names of the templates of our own rooms."""
    for app in apps.get_app_configs():
        if app.name.startswith("sivuvirta."):
            folder = Path(app.path) / "templates"
            yield from (each.relative_to(folder).as_posix() for each in sorted(folder.rglob("*.html")))


def _drawn() -> None:
    """The region, a list and a row of the first register."""
    register = Register.objects.order_by("pk").first()
    if register is None:
        return
    addresses = [reverse("region", args=(register.slug,)), reverse("table", args=(register.slug, _TABLE))]
    row = model(_TABLE).objects.filter(register=register).restrict(VISITOR).first()
    if row is not None:
        addresses.append(row_address(register, row))
    for address in addresses:
        request = RequestFactory().get(address)
        request.user = AnonymousUser()
        view = resolve(address)
        view.func(request, *view.args, **view.kwargs)
