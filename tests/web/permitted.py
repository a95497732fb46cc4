"""The world in which the matrix of permissions is walked: rows of two organisations in every circle, and what else an address needs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from attrs import frozen
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from django.utils import timezone

from sivuvirta.web.accounts.consent import VERSION
from sivuvirta.web.accounts.invitations import token
from sivuvirta.web.accounts.models import Invitation, Membership, Place, Role, User
from sivuvirta.web.accounts.viewer import system, viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.disclosure.models import Disclosure
from sivuvirta.web.imports.models import Session, Source
from sivuvirta.web.jobs.models import State
from sivuvirta.web.papers.keeping import put
from sivuvirta.web.registry.models import Organisations, SavedView, model
from sivuvirta.web.registry.writes.changing import add
from sivuvirta.web.studies.files import DRAWN, REPORT
from sivuvirta.web.studies.models import Study

SYSTEM = system("test")
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
ROLES = ("visitor", "member", "editor", "admin", "expert", "facilitator", "authority", "administrator")
SITES = {"own": "mill", "other": "works"}
HOLDERS = {"own": "mill_ltd", "other": "works_ltd", "nobody": "town"}  # nobody leads the town
WORKBOOK = ("name,site,material\nBark,mill,slag\n", "streams.csv")


@frozen
class Cell:
    """Whose row in which circle."""

    whose: str
    circle: Level | None

    @property
    def key(self) -> str:
        """The key of its stream and of its need."""
        return f"{self.whose}_{'' if self.circle is None else self.circle.word}"


@frozen(eq=False)
class World:
    """What is there."""

    register: Any
    me: User | None
    keys: dict[tuple[str, str], Any]  # by what it is and whose, or which cell

    def holder(self, whose: str) -> Any:
        """The organisation."""
        return Organisations.objects.get(register=self.register, organisation=HOLDERS[whose])


def cells(whose: str) -> list[Cell]:
    """The cells of a line: of a row one for each circle; of what has no circle, such as an "own organisation", one."""
    first, _space, matter = whose.partition(" ")
    return [Cell(first, circle) for circle in Level] if first and not matter else [Cell(first, None)]


def person(name: str, role: Role = Role.MEMBER, organisation: Any = None, place: Place = Place.MEMBER) -> User:
    """An account; it has a password that nobody can give, for nobody logs in by one here."""
    user = User.objects.create_user(f"{name}@example.org", role=role, consent_version=VERSION)
    User.objects.filter(pk=user.pk).update(password="one")
    user.refresh_from_db()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if organisation is not None:
        Membership.objects.create(user=user, organisation=organisation, place=place)
    return user


def someone(role: str, own: Any) -> User | None:
    """The person of a column of the matrix; the first three belong to the organisation whose rows are "own"."""
    if role == "visitor":
        return None
    if role in Place.values:
        return person(f"the-{role}", organisation=own, place=Place(role))
    return person(f"the-{role}", Role(role))


def world(register: Any, role: str) -> World:
    """The world as somebody of a role meets it."""
    own, other = (Organisations.objects.get(register=register, organisation=HOLDERS[whose]) for whose in ("own", "other"))
    boss, stranger = person("boss", organisation=own, place=Place.ADMIN), person("stranger", organisation=own)
    chief, guest = person("chief", organisation=other, place=Place.ADMIN), person("guest", organisation=other)
    made = World(register, someone(role, own), {})
    for whose in SITES:
        for cell in cells(whose):
            _rows(made, cell)
    for level in (Level.FACILITATORS, Level.MEMBERS, Level.PUBLIC):
        made.keys["study", Cell("region", level).key] = _study(register, level).pk
    for whose, holder, who in (("own", own, stranger), ("other", other, guest)):
        stream = model("streams").objects.get(register=register, stream=Cell(whose, Level.PUBLIC).key)
        until = timezone.now().date() + timedelta(days=9)
        about = {"register": register, "table": "streams", "row": stream.pk, "key": stream.stream, "holder": holder, "until": until}
        asker = guest if whose == "own" else stranger
        told = {"asker": asker, "asked_by": asker.email, "purpose": "x", "scopes": ["row"]}
        made.keys["disclosure", whose] = Disclosure.objects.create(**about, **told).pk
        made.keys["view", whose] = SavedView.objects.create(register=register, table="streams", name="x", owner=who, organisation=holder).pk
        made.keys["membership", whose] = who.memberships.get(organisation=holder).pk
        made.keys["organisation", whose] = holder.pk
        soon = timezone.now() + timedelta(days=9)
        letter = {"email": "new@example.org", "organisation": holder, "by": boss if whose == "own" else chief, "expires": soon}
        made.keys["invitation", whose] = Invitation.objects.create(**letter)
        source = Source(register=register, organisation=holder, name=whose, evidence="invented")
        source.renew()
        made.keys["source", whose] = source.pk
        sender = stranger if whose == "other" or made.me is None else made.me
        made.keys["import", whose] = _session(register, sender).pk
    made.keys["organisation", "nobody"] = made.holder("nobody").pk
    made.keys["person", ""] = stranger.pk
    made.keys["session", "other"] = UserSession.objects.create(user=stranger, ip="::1", user_agent="", session_key="x").pk
    return made


def _rows(made: World, cell: Cell) -> None:
    about = {"name": f"Name of {cell.key}", "site": SITES[cell.whose], "source": "invented", "grade": "A"}
    told = {**about, "stream": cell.key, "material": "slag.ferrochrome.air_cooled", "hazardous": "no", "legal_status": "by_product"}
    stream = add(made.register, "streams", told, SYSTEM, cell.circle)
    wanted = {**about, "need": cell.key, "material": "aggregate", "jurisdiction": "FI", "kind": "need", "status": "open"}
    add(made.register, "needs", wanted, SYSTEM, cell.circle)
    made.keys["paper", cell.key] = put(stream, "a.pdf", PDF, SYSTEM).pk
    made.keys["row", cell.key] = stream.pk


def _study(register: Any, circle: Level) -> Study:
    study = Study.objects.create(
        register=register, name="x", vintage=register.vintage, circle=circle, asker="x", state=State.DONE, answer="a"
    )
    for name in (DRAWN, REPORT):
        study.file(name).parent.mkdir(parents=True, exist_ok=True)
        study.file(name).write_text("{}")
    return study


def _session(register: Any, by: User) -> Session:
    session = Session.objects.create(register=register, by=by, name="x.csv", kind="csv")
    session.folder.mkdir(parents=True)
    session.file.write_text(WORKBOOK[0])
    return session


FIXED: dict[str, Any] = {
    "slug": "three_sites",
    "name": "streams",
    "uidb36": "1",
    "provider_id": "sso",
    "pk": 1,
    "organisation": 1,
    "token": "",
}
"""What stands in addresses where nothing else is said."""

KINDS = {
    "paper": "paper",
    "paper_removed": "paper",
    "study": "study",
    "study_state": "study",
    "study_drawn": "study",
    "study_report": "study",
    "study_again": "study",
    "study_cancel": "study",
    "disclosure": "disclosure",
    "view_removed": "view",
    "membership": "membership",
    "person": "person",
    "session_end": "session",
    "invitation_withdraw": "invitation",
    "import_source_revoke": "source",
    **dict.fromkeys(("import", *(f"import_{part}" for part in ("again", "map", "correct", "accept", "undo", "cancel", "leave"))), "import"),
}
"""Of which kind of thing the key in an address is; elsewhere it is the key of a row."""


def address(world: World, view: str, cell: Cell) -> str:
    """The address of a view for a cell."""
    ways, *_others = get_resolver().reverse_dict.getlist(view)[0]
    told = {param: _part(world, view, cell, param) for param in ways[0][1]}
    return reverse(view, kwargs=told)


def _part(world: World, view: str, cell: Cell, param: str) -> Any:
    if param == "key":
        return _key(world, view, cell)
    if param == "organisation":
        return world.keys["organisation", cell.whose or "own"]
    if param == "token":
        return token(world.keys["invitation", "own"])
    if param == "name" and view == "pick":
        return "analyses"
    return "stream" if param == "column" else FIXED[param]


def _key(world: World, view: str, cell: Cell) -> Any:
    kind = KINDS.get(view)
    if kind is None:
        return "none" if view == "account_confirm_email" else cell.key
    found = world.keys.get((kind, cell.key), world.keys.get((kind, cell.whose)))
    return getattr(found, "pk", found)


def asks(world: World, view: str, cell: Cell) -> dict[str, Any]:
    """What is sent with a GET."""
    return {"table as csv": {"format": "csv"}, "pick": {"stream": cell.key}}.get(view, {})


def sends(world: World, view: str, cell: Cell) -> dict[str, Any]:
    """What is sent with a POST: that which is done where it may be."""
    circle = "" if cell.circle is None else str(int(cell.circle))
    site, soon = SITES.get(cell.whose, ""), (timezone.now() + timedelta(days=9)).date().isoformat()
    stream = {"stream": "new", "name": "New", "site": site, "material": "slag.ferrochrome.air_cooled", "circle": circle}
    offer = {"what": "slag", "material": "slag.ferrochrome.air_cooled", "amount": "12", "unit": "t", "site": site, "circle": circle}
    source = {"name": "new", "organisation": str(world.keys.get(("organisation", cell.whose), "")), "evidence": "invented", "grade": "B"}
    row = world.keys.get(("row", cell.key))
    sent: dict[str, dict[str, Any]] = {
        "set_language": {"language": "fi"},
        "add": stream,
        "list_it": offer,
        "change": {"name": "Renamed", "version": "1", "circle": circle},
        "bulk": {"row": f"{row}:1", "column": "hazardous", "value": "yes"},
        "measure": {"row": cell.key, "shown": "1"},
        "paper_added": {"file": SimpleUploadedFile("b.pdf", PDF)},
        "view_saved": {"name": "Mine", "query": ""},
        "disclosure": {"refuse": "", "reason": "a secret"},
        "disclosure_ask": {"scopes": ["row"], "purpose": "to plan a road", "until": soon},
        "share": {"circle": circle, "matched": "on", "version": "1"},
        "match_ask": {"need": "own_public", "stream": cell.key},
        "imports": {"file": SimpleUploadedFile(WORKBOOK[1], WORKBOOK[0].encode())},
        "import_again": {"file": SimpleUploadedFile(WORKBOOK[1], WORKBOOK[0].encode())},
        "import_sources": {**source, "circle": "1"},
        "ask": {"vintage": world.register.vintage, "circle": circle, "objective": "value", "steps": "1"},
        "person": {"role": "expert"},
        "membership": {"place": "editor"},
        "invite": {"email": "x@example.org", "role": "member"},
        "invite_to": {"email": "x@example.org", "place": "member", "role": "member"},
    }
    return sent.get(view, {})


def gate(world: World, what: str, cell: Cell) -> str:
    """What share of the rows of all tables the query of the gate gives: 1 for all of them, 0 for none.

    The rows of every table are put into the cell, and the gate is asked; each table must answer alike.
    """
    who = viewer(AnonymousUser() if world.me is None else world.me)
    holder = None if cell.whose == "nobody" else world.holder(cell.whose)
    found = set()
    for table in ("streams", "needs", "sites", "quantities", "analyses", "fates", "plants", "products", "prices", "sources"):
        rows = model(table).objects.filter(register=world.register)
        rows.update(holder=holder, circle=cell.circle, circles={}, widest=cell.circle)
        seen = {"see": rows.restrict(who), "told a column": rows.told(who, "note"), "change": rows.restrict(who, "change")}[what]
        found.add(seen.count() / rows.count())
    assert len(found) == 1, found
    return f"{found.pop():g}"
