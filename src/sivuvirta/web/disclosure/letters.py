"""Letters: those who can answer a request are told that it waits, in their own language, and nothing of what the row says."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from sivuvirta.web.accounts.models import Membership, Place
from sivuvirta.web.disclosure.models import Disclosure

_log = logging.getLogger("sivuvirta.letters")


def tell(made: Disclosure, address: Callable[[], str]) -> int:
    """Tell the admins of the organisation that holds the row; a letter that cannot be sent is logged, and the request stands.

    Args:
        made: the request.
        address: makes the whole address of the page on which it is answered.

    Returns:
        How many letters were sent.
    """
    if made.holder_id is None:
        return 0
    led = Membership.objects.filter(organisation=made.holder_id, place=Place.ADMIN, user__is_active=True).select_related("user")
    return sum(_sent(each.user.email, each.user.language or settings.LANGUAGE_CODE, address()) for each in led)


def _sent(email: str, language: str, link: str) -> bool:
    with override(language):
        text = render_to_string("disclosure/letters/asked.txt", {"link": link})
        subject = _("A request for disclosure waits for your answer")
    try:
        return bool(send_mail(subject, text, None, [email]))
    except OSError:
        _log.warning("A letter about a request for disclosure could not be sent.", exc_info=True)
        return False
