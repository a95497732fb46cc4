"""Attacks on the register by people who have an account: each was tried by hand once, and each of these once told or changed something."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from tests.web.permitted import PDF
from tests.web.test_platform_studies import asked as answered

from sivuvirta.web.accounts.data import kept
from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import system, viewer
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.disclosure import asking
from sivuvirta.web.disclosure.asking import Asked
from sivuvirta.web.papers.keeping import put
from sivuvirta.web.papers.models import Paper
from sivuvirta.web.registry.models import Organisations, model
from sivuvirta.web.registry.offers.inferring import proposals
from sivuvirta.web.registry.seen.histories import history
from sivuvirta.web.registry.writes.batches import REMOVE, Line, write
from sivuvirta.web.registry.writes.changing import OpenedError, ShutError, add, change, remove
from sivuvirta.web.registry.writes.checking import check
from sivuvirta.web.registry.writes.removing import naming

SYSTEM = system("test")
ATTACK = """"><img src=x onerror=alert(1)><script>alert(1)</script>"""


@pytest.fixture
def ash(register):
    return model("streams").objects.get(register=register, stream="ash")


@pytest.fixture
def facilitator(person):
    return person("facilitator", Role.FACILITATOR)


@pytest.fixture
def town(register):
    return Organisations.objects.get(register=register, organisation="town")


def browser(user) -> Client:
    made = Client()
    made.force_login(user)
    return made


def test_ones_own_data_name_no_row_that_is_known_by_a_pseudonym(register, ash, town, person):
    """Asking to see an anonymous stream, then downloading one's data, told whose stream it was."""
    hidden = change(ash, {"circle": Level.PRIVATE, "anonymous": 2}, SYSTEM, ash.version)
    asker = person("asker", organisation=town)
    asking.ask(hidden, Asked(("row",), "to see", timezone.now().date() + timedelta(days=9)), viewer(asker))
    told = kept(asker)
    assert [(each["row"], each["key"], each["holder"]) for each in told["disclosure.Disclosure"]] == [("(not open to you)",) * 3]
    assert [each["key"] for each in told["audit.Entry"] if each["action"] == "ask disclosure"] == ["(not open to you)"]
    change(hidden, {"circle": Level.PUBLIC}, SYSTEM, hidden.version)
    assert [each["key"] for each in kept(asker)["disclosure.Disclosure"]] == ["ash"]


def test_who_maintains_the_register_does_not_open_what_an_organisation_closed(ash, facilitator, person):
    """The page that says who sees a row is for its holder alone; the form and the bulk change of a facilitator went past it."""
    closed = change(ash, {"circle": Level.FACILITATORS}, SYSTEM, ash.version)
    who = viewer(facilitator)
    assert change(closed, {"name": "Ash of the mill"}, who, closed.version).name == "Ash of the mill"
    person("admin", organisation=ash.holder, place=Place.ADMIN)
    inside = browser(facilitator)
    inside.post("/three_sites/streams/-/bulk", {"row": f"{ash.pk}:{closed.version + 1}", "column": "circle", "value": "3"})
    for wider in ({"circle": Level.PUBLIC}, {"circles": {"name": 3}}, {"bands": {"moisture": 3}}, {"anonymous": 3}):
        with pytest.raises(OpenedError):
            change(closed, wider, who, closed.version + 1)
    ash.refresh_from_db()
    assert (ash.circle, ash.circles, ash.anonymous) == (Level.FACILITATORS, {}, None)
    change(ash, {"circle": Level.PRIVATE}, who, ash.version)  # closing harms nobody


def test_a_row_is_not_taken_from_its_holder_to_see_its_hidden_cells(register, ash, town, person):
    """A facilitator who is an editor elsewhere gave the row to that organisation, and saw it whole as its own."""
    hidden = change(ash, {"moisture": 47.11, "circles": {"moisture": 0}}, SYSTEM, ash.version)
    both = person("both", Role.FACILITATOR, town, Place.EDITOR)
    with pytest.raises(OpenedError):
        change(hidden, {"organisation": "town"}, viewer(both), hidden.version)
    line = Line("change", "streams", "ash", hidden.version, {"organisation": None}, {"organisation": "town"})
    with pytest.raises(OpenedError):
        write(register, [line], viewer(both))
    hidden.refresh_from_db()
    assert hidden.holder_id == ash.holder_id


def test_no_figure_that_follows_from_a_hidden_one_is_worked_out_for_others(register, ash, facilitator):
    """100 t as sent, of a stream whose moisture is hidden, were kept as so many t dry: the moisture followed."""
    change(ash, {"moisture": 47.0, "circles": {"moisture": 0}}, SYSTEM, ash.version)
    cells = {"table": "streams", "subject": "ash", "vintage": register.vintage, "reported_value": "100", "reported_unit": "t"}
    cells |= {"reported_basis": "as_sent", "grade": "C", "source": "x"}
    outside, inside = check(register, "quantities", cells, viewer(facilitator)), check(register, "quantities", cells, SYSTEM)
    assert inside.values["value"] == pytest.approx(53.0)
    assert outside.values["value"] == pytest.approx(96.0)  # with the 4 % that are typical of its class


def test_a_row_that_is_not_seen_is_for_a_form_not_there(register, ash, town, person):
    """What a form said of a hidden site differed from what it said of none."""
    site = model("sites").objects.get(register=register, site=ash.site)
    change(site, {"circle": Level.PRIVATE}, SYSTEM, site.version)
    who = viewer(person("editor", organisation=town, place=Place.EDITOR))
    cells = {"stream": "new", "name": "New", "material": ash.material, "grade": "C", "source": "x"}
    told = [check(register, "streams", {**cells, "site": key}, who).at("site") for key in (ash.site, "nowhere")]
    assert [each.message.replace(ash.site, "nowhere") for each in told[0]] == [each.message for each in told[1]]
    assert told[1]
    assert check(register, "streams", {**cells, "site": ash.site}, SYSTEM).at("site") == []


def test_a_bound_is_not_tried_against_a_hidden_figure(register, ash, facilitator):
    """Saving a lower and a lower bound told by a refusal where the hidden figure was."""
    row = model("quantities").objects.filter(register=register, table="streams", subject="ash", period=None).first()
    row = change(row, {"circles": {"value": 0, "reported_value": 0}}, SYSTEM, row.version)
    inside = browser(facilitator)
    codes = []
    for low in (row.value * 0.5, row.value * 2):
        row.refresh_from_db()
        sent = {"low": str(low), "high": "", "version": str(row.version), "circle": str(row.circle)}
        codes.append(inside.post(f"/three_sites/quantities/-/change/{row.row_key}", sent).status_code)
    assert codes[0] == codes[1]


def test_the_history_of_a_row_begins_with_the_row(register, town, person):
    """Whoever made a row of a key that another's had before read what that one had said."""
    named = {"need": "old", "name": "Secret use", "material": "slag", "organisation": "town", "grade": "C", "source": "x", "status": "open"}
    row = add(register, "needs", named, SYSTEM, Level.PRIVATE)
    remove(row, SYSTEM)
    again = add(register, "needs", {**named, "name": "Another"}, SYSTEM, Level.PRIVATE)
    own = viewer(person("own", organisation=town, place=Place.EDITOR))
    assert [each.said for each in history(register, again, own)[0]] == ["added"]


def test_what_a_cell_was_before_it_was_opened_stays_closed(register, ash, facilitator):
    """The history told facilitators what a column had said while it was its holder's alone."""
    row = change(ash, {"circles": {"moisture": 0}}, SYSTEM, ash.version)
    row = change(row, {"moisture": 47.11}, SYSTEM, row.version)
    row = change(row, {"moisture": 12.5}, SYSTEM, row.version)
    row = change(row, {"circles": {}}, SYSTEM, row.version)
    row = change(row, {"moisture": 13.5}, SYSTEM, row.version)
    told = [(line.before, line.after) for each in history(register, row, viewer(facilitator))[0] for line in each.lines]
    assert ("12.5\N{NO-BREAK SPACE}%", "13.5\N{NO-BREAK SPACE}%") in told
    assert not any("47" in text for pair in told for text in pair)


def test_proposals_have_no_gap_where_an_analysis_is_hidden(register, ash, facilitator):
    """What was not proposed told which components had been analysed."""
    who = viewer(facilitator)
    every = {each.id for each in proposals(register, ash, who)}
    offered = next(each for each in proposals(register, ash, SYSTEM) if each.figures)
    cells = {**dict(offered.figures), "stream": "ash", "sample": "s", "grade": "B", "source": "x"}
    add(register, "analyses", {name: value for name, value in cells.items() if value is not None}, SYSTEM, Level.PRIVATE)
    assert {each.id for each in proposals(register, ash, who)} == every
    assert offered.id not in {each.id for each in proposals(register, ash, SYSTEM)}


def test_an_organisation_that_is_not_seen_has_no_page_of_invitations(town, facilitator):
    """A facilitator who counted through the numbers read the names of organisations."""
    inside = browser(facilitator)
    assert inside.get(f"/-/organisations/{town.pk}/invite").status_code == 200
    change(town, {"circle": Level.PRIVATE}, SYSTEM, town.version)
    assert inside.get(f"/-/organisations/{town.pk}/invite").status_code == 404


def test_papers_go_with_rows_that_an_import_takes_out(register, town, settings, tmp_path):
    """The next row of the same key had the papers of the one before."""
    settings.MEDIA_ROOT = tmp_path
    named = {"need": "old", "name": "Use", "material": "slag", "organisation": "town", "grade": "C", "source": "x", "status": "open"}
    row = add(register, "needs", named, SYSTEM)
    put(row, "a.pdf", PDF, SYSTEM)
    write(register, [Line(REMOVE, "needs", "old", row.version, {}, {})], SYSTEM)
    assert not Paper.objects.exists()


def test_what_names_a_row_is_not_told_by_key_to_who_does_not_see_it(register, ash, town, person):
    """An import that would take a row out named the hidden rows that stand against it."""
    for row in model("analyses").objects.filter(register=register, stream="ash"):
        change(row, {"circle": Level.PRIVATE}, SYSTEM, row.version)
    analysed = model("analyses").objects.filter(register=register, stream="ash").first().row_key
    who = viewer(person("somebody", organisation=town))
    assert f"analyses {analysed}" in naming(register, "streams", ["ash"], SYSTEM)
    assert not any(each.startswith("analyses") for each in naming(register, "streams", ["ash"], who))
    assert "rows that are not open to you" in naming(register, "streams", ["ash"], who)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_text_of_a_list_is_a_formula(register, ash, client, sign):
    for name in ("name", "note"):
        setattr(ash, name, f"{sign}1+1|{name}")
    ash.save()
    address = "/three_sites/streams/?format="
    text = b"".join(client.get(f"{address}csv").streaming_content).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row if "1+1|" in cell]
    assert cells == [f"'{sign}1+1|name", f"'{sign}1+1|note"]
    sheet = load_workbook(io.BytesIO(client.get(f"{address}xlsx").content)).active
    assert [cell.data_type for row in sheet.iter_rows() for cell in row if "1+1|" in str(cell.value)] == ["s", "s"]


def test_a_sign_that_no_workbook_holds_breaks_no_export(register, ash, client):
    """One such sign in a note, and nobody had the list as a workbook."""
    ash.note = "a\x0bb\x1fc"
    ash.save()
    sheet = load_workbook(io.BytesIO(client.get("/three_sites/streams/?format=xlsx").content)).active
    assert "a b c" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_what_people_write_runs_on_no_page(register, ash, facilitator, settings, tmp_path):
    settings.STUDIES = tmp_path
    site = model("sites").objects.get(register=register, site=ash.site)
    change(ash, {"name": f"Ash {ATTACK}", "note": ATTACK, "circles": {}}, SYSTEM, ash.version)
    change(site, {"name": f"Site {ATTACK}"}, SYSTEM, site.version)
    study = answered(register)
    inside = browser(facilitator)
    inside.post("/three_sites/streams/-/views", {"name": ATTACK, "query": f"q={ATTACK}"})
    here = "/three_sites"
    pages = ["/", "/streams/", f"/streams/?q={ATTACK}&sort={ATTACK}&moisture.min={ATTACK}", "/streams/ash/", "/streams/-/change/ash"]
    pages += ["/streams/-/remove/ash", "/sites/", "/streams/-/pick/site?site=Site", "/-/list/streams", "/-/listed/streams/ash/"]
    pages += ["/-/uses/ash", "/-/feeds/road", "/-/disclosures/ask/streams/ash", f"/-/studies/{study.pk}/", "/-/studies/", "/-/listings/"]
    found = {page: inside.get(here + page).content.decode() for page in pages}
    assert {page for page, text in found.items() if "<img src=x" in text or "<script>alert" in text} == set()
    assert sum("&lt;img src=x" in text for text in found.values()) >= 6
    drawn = inside.get(f"{here}/-/studies/{study.pk}/drawn")
    assert drawn["Content-Type"] == "application/json"
    assert json.loads(drawn.content)
    report = inside.get(f"{here}/-/studies/{study.pk}/report").content.decode()
    assert "<script>alert" not in report
    assert "<img src=x" not in report
    assert any(ATTACK in str((each.after or {}).get("name")) for each in Entry.objects.filter(key="ash"))  # the log keeps what was written


def test_taking_a_row_out_gives_nobody_its_hidden_cells(register, ash, town, person):
    """The log kept the row whole, under the name of whoever took it out, who then downloaded their own data."""
    told = {
        "stream": "dust",
        "name": "Dust",
        "material": ash.material,
        "site": ash.site,
        "grade": "C",
        "source": "invented",
        "moisture": 47.11,
    }
    dust = add(register, "streams", told, SYSTEM, Level.MEMBERS)
    dust = change(dust, {"circles": {"moisture": 0}}, SYSTEM, dust.version)
    carer = person("carer", Role.FACILITATOR)
    with pytest.raises(ShutError):
        remove(dust, viewer(carer))
    with pytest.raises(ShutError):
        write(register, [Line(REMOVE, "streams", "dust", dust.version, {}, {})], viewer(carer))
    assert browser(carer).post("/three_sites/streams/-/remove/dust").status_code == 422
    assert model("streams").objects.filter(pk=dust.pk).exists()
    remove(dust, SYSTEM)
    Entry(who=carer.email, action="remove", register="three_sites", table="streams", key="dust", before=told).save()
    (mine,) = (each for each in kept(carer)["audit.Entry"] if each["table"] == "streams")
    assert (mine["key"], set(mine["before"].values()), "moisture" in mine["before"]) == ("(not open to you)", {"(not open to you)"}, True)


def test_who_left_an_organisation_does_not_take_its_figures_along(register, ash, person):
    """What one wrote as an editor stood in one's own data for ever."""
    miller = person("miller", organisation=ash.holder, place=Place.EDITOR)
    row = change(ash, {"moisture": 47.11, "name": "Ash 7"}, viewer(miller), ash.version)
    row = change(row, {"circles": {"moisture": 0}}, viewer(miller), row.version)
    mine = [each["after"] for each in kept(miller)["audit.Entry"] if each["table"] == "streams"]
    assert {"moisture": 47.11, "name": "Ash 7"} in mine
    miller.memberships.all().delete()
    after = [each["after"] for each in kept(miller)["audit.Entry"] if each["table"] == "streams"]
    assert {"moisture": "(not open to you)", "name": "Ash 7"} in after
    change(row, {"circle": Level.PRIVATE}, SYSTEM, row.version)
    told = json.dumps(kept(miller)["audit.Entry"], default=str)
    assert "47.11" not in told
    assert "Ash 7" not in told


def test_an_entry_about_an_earlier_row_of_the_same_key_stays_closed(register, ash, town, person):
    """Another's row under the key of one that is gone would have opened what was written into the first."""
    told = {"stream": "dust", "name": "Dust 11", "material": ash.material, "site": ash.site, "grade": "C", "source": "invented"}
    miller = person("miller", organisation=ash.holder, place=Place.EDITOR)
    remove(add(register, "streams", told, viewer(miller), Level.PRIVATE), viewer(miller))
    add(register, "streams", {**told, "name": "New", "organisation": "town"}, SYSTEM, Level.PUBLIC)
    entries = [each for each in kept(miller)["audit.Entry"] if each["table"] == "streams"]
    assert len(entries) == 2
    assert "Dust 11" not in json.dumps(entries, default=str)
