"""Faults: why a job failed, in the language of who reads. A worker has none and keeps English; what differs stands in places."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from sivuvirta.web.core.phrases import Phrases

FAULTS = (
    gettext_noop("The engine stopped with an error of its own. The server's log tells it under the number %(number)s."),
    gettext_noop("The worker ended %(times)s times while this ran; it may be too large for its memory."),
    gettext_noop("The file holds more than %(most)s rows. Part it."),
    gettext_noop("The archive holds more than %(most)s files."),
    gettext_noop("The archive unpacks to more than %(most)s MB."),
    gettext_noop("%(name)s may not change this row, or it is gone."),
    gettext_noop("%(name)s may not add to what is not their organisation's."),
    gettext_noop("%(name)s may not give a row to an organisation that is not theirs."),
    gettext_noop("%(who)s may not write rows that are not their organisation's."),
)
"""Those with places. Those without are found in the catalogues as they stand."""

_PHRASES = Phrases(FAULTS, {"number": r"\w+", "times": r"\d+", "most": r"\d+"}, {})


def fault(error: str) -> str:
    """What went wrong; what no catalogue knows stays as it is.

    >>> fault("The file holds no rows."), fault("")
    ('The file holds no rows.', '')
    """
    return (_PHRASES.told(error) or gettext(error)) if error else ""
