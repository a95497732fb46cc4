"""Moving: what belongs to a site or a stream follows it to another holder, at once and in the log; nobody gives away what is not theirs."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from sivuvirta.web import serving
from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import Viewer, system, viewer
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.models import Organisations, model
from sivuvirta.web.registry.writes.batches import CHANGE, Line, write
from sivuvirta.web.registry.writes.changing import OpenedError, RefusedError, add, change
from sivuvirta.web.registry.writes.moving import strayed

SYSTEM = system("test")


@pytest.fixture
def site(register):
    return model("sites").objects.get(register=register, site="mill")


@pytest.fixture
def facilitator(person):
    return person("carer", Role.FACILITATOR)


def org(key):
    return Organisations.objects.get(organisation=key)


def below(register):
    """What belongs to a stream of the mill's site, two steps below it, and beside it."""
    told = {"name": "Dust", "material": "ash.fly.wood", "site": "mill", "grade": "A", "source": "invented"}
    stream = add(register, "streams", {**told, "stream": "dust"}, SYSTEM, Level.MEMBERS)
    own = add(register, "streams", {**told, "stream": "towns", "organisation": "town"}, SYSTEM, Level.MEMBERS)
    cells = {"stream": "dust", "component": "Cd", "kind": "total", "sample": "s", "value": 7.0, "unit": "%", "grade": "A", "source": "x"}
    analysis = add(register, "analyses", cells, SYSTEM, Level.MEMBERS)
    amount = {"table": "streams", "subject": "dust", "vintage": register.vintage, "value": 7.0, "grade": "A", "source": "x"}
    amount = add(
        register, "quantities", {k: v for k, v in amount.items() if k in model("quantities").schema.columns}, SYSTEM, Level.MEMBERS
    )
    return stream, analysis, amount, own


def holders(rows):
    return [type(row).objects.get(pk=row.pk).holder.row_key for row in rows]


def moved(site, to, by):
    site.refresh_from_db()
    return change(site, {"organisation": to}, by, site.version)


def lines(site, to):
    site.refresh_from_db()
    return [Line(CHANGE, "sites", "mill", site.version, {"organisation": site.organisation}, {"organisation": to})]


def test_who_looks_after_the_region_gives_no_row_of_an_organisation_with_an_admin_away(register, site, facilitator, person):
    """A facilitator kept another organisation in the mill's site; its admin got 403 on its own site."""
    person("boss", organisation=org("mill_ltd"), place=Place.ADMIN)
    both = Viewer("both", floor=Level.FACILITATORS, maintains=True, belongs=frozenset({org("town").pk}), edits=frozenset({org("town").pk}))
    for who in (viewer(facilitator), both):
        for to in ("works_ltd", "town"):
            with pytest.raises(OpenedError):
                moved(site, to, who)
            with pytest.raises(OpenedError):
                write(register, lines(site, to), who)
    assert holders([site]) == ["mill_ltd"]


def test_an_editor_gives_rows_to_an_organisation_that_they_edit_too_and_to_no_other(register, site):
    """Else anybody could put words into the mouth of another organisation."""
    below(register)
    own = frozenset({org("mill_ltd").pk})
    with pytest.raises(RefusedError):
        moved(site, "works_ltd", Viewer("miller", floor=Level.MEMBERS, belongs=own, edits=own))
    two = own | {org("works_ltd").pk}
    moved(site, "works_ltd", Viewer("two", floor=Level.MEMBERS, belongs=two, edits=two))
    assert holders([site]) == ["works_ltd"]


@pytest.mark.parametrize("many", [False, True], ids=["change", "batch"])
def test_what_belongs_to_a_site_goes_with_it_in_the_log_and_comes_back(register, site, person, many):
    """The seller kept reading and writing the analyses and amounts of what was sold."""
    rows = below(register)
    seller = viewer(person("miller", organisation=org("mill_ltd"), place=Place.EDITOR))
    before = [row.version for row in rows]
    for to in ("works_ltd", "mill_ltd"):
        if many:
            write(register, lines(site, to), SYSTEM)
        else:
            moved(site, to, SYSTEM)
        assert holders(rows) == [to, to, to, "town"]
        seen = [type(row).objects.restrict(seller, "change").filter(pk=row.pk).exists() for row in rows]
        assert seen == [to == "mill_ltd"] * 3 + [False]
    for row, version in zip(rows[:3], before[:3], strict=True):
        first, second = Entry.objects.filter(action="move", table=row.schema.name, key=row.row_key).order_by("pk")
        assert (first.before, first.after, first.who) == ({"holder": "mill_ltd"}, {"holder": "works_ltd"}, "test")
        assert (second.before, second.after) == ({"holder": "works_ltd"}, {"holder": "mill_ltd"})
        assert type(row).objects.get(pk=row.pk).version == version + 2
    assert not Entry.objects.filter(action="move", key="towns").exists()


@pytest.mark.parametrize("many", [False, True], ids=["change", "batch"])
def test_nothing_closed_goes_along_to_people_who_should_not_see_it(register, site, facilitator, many):
    """Of an organisation without an admin a facilitator gives away what facilitators see; what went is marked for who got it."""
    rows = below(register)
    analysis = change(rows[1], {"circles": {"value": 0}}, SYSTEM, rows[1].version)
    who = viewer(facilitator)

    def give():
        with transaction.atomic():
            return write(register, lines(site, "works_ltd"), who) if many else moved(site, "works_ltd", who)

    for cells in ({"circles": {"value": 0}}, {"circle": Level.PRIVATE, "circles": {}}):
        analysis = change(analysis, cells, SYSTEM, analysis.version)
        with pytest.raises(OpenedError, match="goes along"):
            give()
        assert holders([site, *rows]) == ["mill_ltd"] * 4 + ["town"]
        assert not Entry.objects.filter(action="move").exists()
    change(analysis, {"circle": Level.FACILITATORS}, SYSTEM, analysis.version)
    model("analyses").objects.exclude(pk=analysis.pk).filter(circle=0).update(circle=1)
    give()
    assert holders([site, *rows]) == ["works_ltd"] * 4 + ["town"]
    assert [type(row).objects.get(pk=row.pk).unconfirmed for row in rows] == [True, True, True, False]


def test_a_fate_is_whose_its_stream_is_whoever_takes_the_stream(register, site):
    """Where a stream goes names the organisation that takes it; check said such fates were that one's, and its repair gave them away."""
    stream, *_, other = below(register)
    told = {"name": "Sold", "kind": "sold", "organisation": "works_ltd", "share": 50.0, "revenue": 7.0, "grade": "A", "source": "invented"}
    fates = [add(register, "fates", {**told, "fate": key, "stream": key}, SYSTEM, Level.FACILITATORS) for key in ("dust", "towns")]
    assert list(strayed(register)) == []
    moved(site, "works_ltd", SYSTEM)
    assert holders([stream, fates[0], other, fates[1]]) == ["works_ltd", "works_ltd", "town", "town"]
    moved(site, "town", SYSTEM)
    assert holders([stream, fates[0]]) == ["town", "town"]


def test_a_move_costs_the_same_whatever_goes_along(register, site):
    """A few statements for each table."""
    rows, counts = below(register), []
    for to, more in (("works_ltd", 0), ("mill_ltd", 3000)):
        stream = {"material": "ash.fly.wood", "site": "mill", "name": "x", "holder": site.holder, "grade": "A", "source": "x"}
        model("streams").objects.bulk_create(
            [model("streams")(register=register, stream=f"s{n}", **{**stream, "holder": org("works_ltd")}).settle() for n in range(more)]
        )
        with CaptureQueriesContext(
            connection,
        ) as asked:
            moved(site, to, SYSTEM)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 90
    assert model("streams").objects.filter(holder__organisation="mill_ltd", site="mill").count() >= 3001
    assert Entry.objects.filter(action="move", table="streams").count() >= 3001
    assert holders(rows)[0] == "mill_ltd"


def test_an_organisation_that_gets_another_key_still_holds_itself(register):
    made = add(register, "organisations", {"organisation": "smith", "name": "Smith"}, SYSTEM)
    made = change(made, {"organisation": "smiths"}, SYSTEM, made.version)
    assert made.holder_id == made.pk


def test_rows_that_strayed_before_are_named_and_given_to_whom_they_belong(register):
    rows = below(register)
    assert list(strayed(register)) == []
    type(rows[0]).objects.filter(row_key="dust").update(holder=org("town"))
    type(rows[1]).objects.filter(pk=rows[1].pk).update(holder=None)
    mill = org("mill_ltd").pk
    assert set(strayed(register)) == {("streams", "dust", (org("town").pk, mill)), *stray_parts(rows, org("town").pk)}
    assert any("streams dust is held by town, and what it belongs to by mill_ltd" in text for text in serving.strayed())
    assert serving.settle() == 2  # the stream and its analysis; the amount was where it belongs
    assert holders(rows) == ["mill_ltd", "mill_ltd", "mill_ltd", "town"]
    assert (list(strayed(register)), serving.strayed()) == ([], [])
    assert {each.action for each in Entry.objects.filter(key="dust").order_by("-pk")[:1]} == {"move"}


def stray_parts(rows, town):
    """The analysis is nobody's and the amount the mill's, where the stream above both is the town's."""
    return {("analyses", rows[1].row_key, (None, town)), ("quantities", rows[2].row_key, (rows[2].holder_id, town))}
