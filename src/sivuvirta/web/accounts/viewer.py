"""Viewers: what the gate knows of the one who asks."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import frozen
from django.apps import apps
from django.utils import timezone

from sivuvirta.web.accounts.models import Membership, Place, Role
from sivuvirta.web.core.levels import Level
from sivuvirta.web.core.prepared import KEYS, NUMBER, asked

_FLOOR = {
    Role.MEMBER: Level.MEMBERS,
    Role.EXPERT: Level.MEMBERS,
    Role.FACILITATOR: Level.FACILITATORS,
    Role.AUTHORITY: Level.FACILITATORS,
    Role.ADMINISTRATOR: Level.FACILITATORS,
}
_MAINTAIN = frozenset({Role.FACILITATOR, Role.ADMINISTRATOR})


@frozen
class Given:
    """What was disclosed to somebody: a row as long as the organisation that gave it holds it, or one of its columns."""

    table: str
    row: int  # key of the row in the database
    holder: int | None
    column: str = ""  # "" for all


@frozen
class Viewer:
    """Who asks. What is private is seen by the people of its holder alone, whatever the role."""

    name: str  # as the log of changes tells it
    user: int | None = None  # key of the account; None for a visitor or a command
    floor: Level = Level.PUBLIC  # the narrowest circle that the role is in
    belongs: frozenset[int] = frozenset()  # keys of organisations whose private rows are seen
    edits: frozenset[int] = frozenset()  # keys of organisations whose rows may be changed
    maintains: bool = False  # may change any row that the role sees
    only: frozenset[int] | None = None  # of who maintains: organisations whose rows alone are changed; None for all
    granted: tuple[Given, ...] = ()  # disclosed to the person or an organisation of theirs, and still in force

    @property
    def apart(self) -> bool:
        """Whether they may see what others of their circle do not."""
        return bool(self.belongs or self.granted)

    @property
    def bound(self) -> bool:
        """Whether they write for certain organisations alone."""
        return not self.maintains or self.only is not None

    @property
    def writes_for(self) -> frozenset[int]:
        """Organisations for which they write by name."""
        return self.edits | (self.only or frozenset())

    def writes(self, held: int | None) -> bool:
        """Whether they may write rows of a holder, as far as they see them; None is the register itself."""
        return held in self.edits or (self.maintains and (self.only is None or held in self.only))

    def others(self) -> Viewer:
        """Anybody of the same circle to whom nothing belongs and nothing was disclosed."""
        return Viewer("others", floor=self.floor)


VISITOR = Viewer("visitor")


def system(name: str) -> Viewer:
    """A command or a job of the platform itself: it sees and changes all."""
    return Viewer(name, floor=Level.PRIVATE, maintains=True)


def viewer(user: Any) -> Viewer:
    """The viewer behind an account, or the visitor. Costs two queries."""
    if not user.is_authenticated or not user.is_active:
        return VISITOR
    places: dict[int, Any] = dict(asked(_places, given={NUMBER: user.pk}))
    granted = asked(_granted, timezone.now().date(), given={NUMBER: user.pk, KEYS: places})
    role = Role(user.role)
    return Viewer(
        name=user.email,
        user=user.pk,
        floor=_FLOOR[role],
        belongs=frozenset(places),
        edits=frozenset(key for key, place in places.items() if place in (Place.EDITOR, Place.ADMIN)),
        maintains=role in _MAINTAIN,
        granted=tuple(Given(*row) for row in granted),
    )


def _places() -> Any:
    return Membership.objects.filter(user=NUMBER).values_list("organisation_id", "place")


def _granted(today: date) -> Any:
    return apps.get_model("disclosure", "Disclosed").objects.in_force(NUMBER, today)
