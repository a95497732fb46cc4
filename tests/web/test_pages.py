"""Pages of the register: what they show, to whom, and at what cost."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from openpyxl import load_workbook

from sivuvirta.web.accounts.models import Role
from sivuvirta.web.accounts.viewer import VISITOR, system, viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.changing import change
from sivuvirta.web.registry.listing import Listing, asked
from sivuvirta.web.registry.models import model
from sivuvirta.web.registry.showing import rounded

SYSTEM = system("test")
STREAMS = "/three_sites/streams/"

ANYBODY = {
    "health": "/-/health",
    "metrics": None,  # only who shows its token: `test_metrics`
    "login": "/-/in",
    "set_language": None,  # only by a form
    "home": "/",
    "region": "/three_sites/",
    "table": STREAMS,
    "row": "/three_sites/vintages/2024/",
    "shelves": "/three_sites/-/register/",
    "basemap": "/three_sites/-/basemap.json",
    "pick": "/three_sites/streams/-/pick/material?material=slag",
    "list_materials": "/three_sites/-/list/materials?what=kuona",
    "meter": None,  # needs a stream that they may see: `test_meters`, as the next
    "measure": None,  # only by a form
    "paper": None,  # needs a paper whose row they may see: `test_papers`
    "colours": "/-/colours.css",
    "studies": "/three_sites/-/studies/",
    "uses": "/three_sites/-/uses/slag",
    "feeds": "/three_sites/-/feeds/road",
    "study": None,  # these need a study that they may see: `test_studies`
    "study_state": None,
    "study_drawn": None,
    "study_report": None,
}
"""Addresses that a visitor may open, each with an example."""

EDITORS = {
    "add": "/three_sites/streams/-/add",
    "change": "/three_sites/vintages/-/change/2024",
    "remove": "/three_sites/vintages/-/remove/2024",
    "list_it": "/three_sites/-/list/streams",
    "listed": "/three_sites/-/listed/streams/none/",
    "bulk": "/three_sites/streams/-/bulk",
    "view_saved": "/three_sites/streams/-/views",  # whoever has an account keeps views
    "view_removed": "/three_sites/streams/-/views/1/remove",
    "paper_added": "/three_sites/vintages/-/papers/2024",
    "paper_removed": "/three_sites/-/papers/1/remove",
}
DISCLOSURE = {
    "disclosures": "/three_sites/-/disclosures/",
    "disclosure": None,  # only by a form
    "disclosure_ask": "/three_sites/-/disclosures/ask/streams/slag",
    "share": "/three_sites/-/share/streams/slag",
    "match_ask": None,  # only by a form
    "listings": "/three_sites/-/listings/",
    "questions": "/three_sites/-/questions/",
}
"""Addresses of what is hidden: a visitor is asked to log in; who may do what there stands in `test_disclosure` and `test_matching`."""
IMPORTS = {
    "imports": "/three_sites/-/imports/",
    "import_template": "/three_sites/-/imports/template",
    "import_sources": "/three_sites/-/imports/sources",
    "import": "/three_sites/-/imports/1/",
    **dict.fromkeys(f"import_{name}" for name in ("again", "map", "correct", "accept", "undo", "cancel", "leave", "source_revoke")),
}
"""Addresses of imports: a visitor is asked to log in; who may do what there stands in `test_imports` and `test_imports_deliveries`."""

MACHINES = {"deliver": None}
"""Addresses that take a token and no log-in: `test_imports_deliveries`."""

FACILITATORS = {"ask": "/three_sites/-/studies/ask", "study_again": None, "study_cancel": None}
"""Addresses that ask a visitor to log in first; what each role may do there stands in `test_editing` and `test_studies`."""

ACCOUNTS_ANYBODY = {
    "account_login": "/-/account/login/",
    "account_signup": "/-/account/signup/",
    "account_reset_password": "/-/account/password/reset/",
    "account_reset_password_done": "/-/account/password/reset/done/",
    "account_reset_password_from_key": "/-/account/password/reset/key/1-none/",
    "account_reset_password_from_key_done": "/-/account/password/reset/key/done/",
    "account_confirm_email": "/-/account/confirm-email/none/",
    "account_email_verification_sent": "/-/account/confirm-email/",
    "account_inactive": "/-/account/inactive/",
    "account_logout": "/-/account/logout/",  # for a visitor: home
    "socialaccount_login_cancelled": "/-/account/sign-on/login/cancelled/",
    "socialaccount_login_error": None,  # says that single sign-on failed, with code 401
    "account_confirm_login_code": None,  # only between two steps of logging in, as the next two
    "mfa_authenticate": None,
    "socialaccount_signup": None,
    "mfa_login_webauthn": None,  # answers the script of passkeys
    "openid_connect_login": None,  # only where single sign-on is set up
    "openid_connect_callback": None,
    "invitation": None,  # `test_accounts` tells what its link answers to whom
}
"""Addresses of accounts that a visitor may open."""

ACCOUNTS_OWN = {
    "account": "/-/account/",
    "consent": "/-/account/consent",
    "export": "/-/account/data",
    "delete_account": "/-/account/delete",
    "session_end": "/-/account/sessions/1/end",
    "account_email": "/-/account/email/",
    "account_change_password": "/-/account/password/change/",
    "account_set_password": "/-/account/password/set/",
    "account_reauthenticate": "/-/account/reauthenticate/",
    "usersessions_list": "/-/account/sessions/",
    "socialaccount_connections": "/-/account/sign-on/",
    "mfa_index": "/-/account/factors/",
    "mfa_reauthenticate": "/-/account/factors/reauthenticate/",
    "mfa_activate_totp": "/-/account/factors/totp/activate/",
    "mfa_deactivate_totp": "/-/account/factors/totp/deactivate/",
    "mfa_view_recovery_codes": "/-/account/factors/recovery-codes/",
    "mfa_generate_recovery_codes": "/-/account/factors/recovery-codes/generate/",
    "mfa_download_recovery_codes": "/-/account/factors/recovery-codes/download/",
    "mfa_list_webauthn": "/-/account/factors/webauthn/",
    "mfa_add_webauthn": "/-/account/factors/webauthn/add/",
    "mfa_reauthenticate_webauthn": None,  # answers the script of passkeys
    "mfa_remove_webauthn": "/-/account/factors/webauthn/keys/1/remove/",
    "mfa_edit_webauthn": "/-/account/factors/webauthn/keys/1/edit/",
}
"""Addresses about oneself: a visitor is asked to log in."""

ACCOUNTS_OTHERS = {
    "people": "/-/people/",
    "person": "/-/people/1",
    "membership": "/-/memberships/1",
    "organisation_people": "/-/organisations/1/people",
    "invite_to": "/-/organisations/1/invite",
    "invite": "/-/invite",
    "invitation_withdraw": "/-/invitations/1/withdraw",
}
"""Addresses about other people: a visitor is asked to log in; what each role may do there stands in `test_accounts`."""

ASKED = EDITORS | DISCLOSURE | IMPORTS | FACILITATORS | ACCOUNTS_OWN | ACCOUNTS_OTHERS
"""All addresses that ask a visitor to log in first."""


def names(patterns) -> set[str]:
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            found.add(pattern.name)
    return found


def streams(register, count: int = 3):
    return list(model("streams").objects.filter(register=register)[:count])


def listed(register, who, **address):
    table = model("streams").schema
    return [row.stream for row in Listing(register, table, who, asked(table, address)).rows]


def test_every_address_is_known_here():
    assert names(get_resolver().url_patterns) == set(ANYBODY) | set(ACCOUNTS_ANYBODY) | set(ASKED) | set(MACHINES)


@pytest.mark.parametrize("address", [address for address in ASKED.values() if address])
def test_a_visitor_is_asked_to_log_in(register, client, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/-/account/login/")


@pytest.mark.parametrize("address", [address for address in (ANYBODY | ACCOUNTS_ANYBODY).values() if address])
def test_a_visitor_opens_it(register, client, address):
    response = client.get(address, follow=True)
    assert response.status_code == 200
    assert b"Traceback" not in response.content


@pytest.mark.parametrize("address", ["/nowhere/", "/three_sites/nothing/", "/three_sites/visibility/", "/three_sites/streams/none/"])
def test_what_is_not_there_is_not_found(register, client, address):
    assert client.get(address).status_code == 404


def test_a_row_that_is_not_open_is_not_found_and_not_listed(register, client, person):
    stream = change(streams(register)[0], {"circle": Level.PRIVATE}, SYSTEM, 1)
    where = f"{STREAMS}{stream.stream}/"
    assert client.get(where).status_code == 404
    assert stream.name not in client.get(STREAMS).content.decode()
    facilitator, own = Client(), Client()
    facilitator.force_login(person("facilitator", Role.FACILITATOR))
    own.force_login(person("own", organisation=stream.holder))
    assert facilitator.get(where).status_code == 404
    assert own.get(where).status_code == 200


def test_a_hidden_value_is_told_as_hidden_and_stands_nowhere(register, client, person):
    stream = change(streams(register)[0], {"moisture": 47.11, "circles": {"moisture": 0}}, SYSTEM, 1)
    page = client.get(f"{STREAMS}{stream.stream}/").content.decode()
    sheet = client.get(f"{STREAMS}?columns=name,moisture").content.decode()
    assert "not open to you" in page
    assert "not open to you" in sheet
    for kind in ("csv", "xlsx"):
        file = client.get(f"{STREAMS}?format={kind}")
        content = b"".join(file.streaming_content) if file.streaming else file.content
        text = content.decode() if kind == "csv" else str([list(row) for row in load_workbook(io.BytesIO(content)).active.values])
        assert "47.11" not in text
        assert stream.stream in text
    assert "47.1" not in page + sheet


@pytest.mark.parametrize("question", [{"moisture.min": "40"}, {"moisture.max": "50"}, {"sort": "moisture"}, {"sort": "-moisture"}])
def test_no_filter_and_no_sort_tells_a_hidden_value(register, person, question):
    stream = change(streams(register)[0], {"moisture": 47.11, "circles": {"moisture": 0}}, SYSTEM, 1)
    own = viewer(person("own", organisation=stream.holder))
    assert stream.stream in listed(register, own, **question)
    assert stream.stream not in listed(register, VISITOR, **question)


def test_a_search_does_not_look_into_hidden_texts(register, person):
    stream = change(streams(register)[0], {"name": "Secret sludge", "circles": {"name": 0}}, SYSTEM, 1)
    assert listed(register, viewer(person("own", organisation=stream.holder)), q="secret") == [stream.stream]
    assert listed(register, VISITOR, q="secret") == []


def test_amounts_are_told_only_to_who_may_see_them(register, person):
    stream = streams(register)[0]
    amount = model("quantities").objects.get(
        register=register, table="streams", subject=stream.stream, vintage=register.vintage, period=None
    )
    change(amount, {"circle": Level.PRIVATE}, SYSTEM, 1)
    table = model("streams").schema
    own = viewer(person("own", organisation=stream.holder))
    told = [Listing(register, table, who, asked(table, {})).rows.get(pk=stream.pk).amount for who in (VISITOR, own)]
    assert told == [None, amount.value]


def test_what_a_list_is_asked_wrongly_is_told_and_left_out(register, client):
    table = model("streams").schema
    found = asked(table, {"moisture.min": "wet", "colour": "red", "sort": "smell", "page": "x"})
    assert len(found.faults) == 3
    assert (found.sort, found.page, dict(found.equal)) == ("", 1, {})
    assert "wet" in client.get(f"{STREAMS}?moisture.min=wet").content.decode()


def test_sorted_both_ways_with_the_unknown_last(register):
    up, down = listed(register, VISITOR, sort="moisture"), listed(register, VISITOR, sort="-moisture")
    value = dict(model("streams").objects.filter(register=register).values_list("stream", "moisture"))
    known = [value[key] for key in up if value[key] is not None]
    assert known == sorted(known)
    assert [value[key] for key in down if value[key] is not None] == sorted(known, reverse=True)
    assert all(value[key] is None for key in up[len(known) :])


def test_a_formula_in_a_text_is_not_run_by_a_spreadsheet(register, client):
    stream = change(streams(register)[0], {"note": "=1+1"}, SYSTEM, 1)
    text = b"".join(client.get(f"{STREAMS}?format=csv").streaming_content).decode()
    sheet = load_workbook(io.BytesIO(client.get(f"{STREAMS}?format=xlsx").content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert "'=1+1" in text
    assert [cell.data_type for cell in cells] == ["s"], stream


@pytest.mark.parametrize(("address", "queries"), [(STREAMS, 7), ("/three_sites/needs/", 8), ("/three_sites/quantities/", 7)])
def test_a_list_costs_the_same_queries_however_long(register, client, django_assert_max_num_queries, address, queries):
    with django_assert_max_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (1234567.0, "1,230,000"), (12.345, "12.3"), (0.01234, "0.0123"), (999.6, "1,000")])
def test_figures_have_three_digits(value, text):
    assert rounded(value) == text


def test_health_is_told_without_an_account(db, client):
    assert client.get("/-/health").json()["status"] == "ok"


def test_a_page_asks_no_other_server_and_runs_nothing_of_its_own(register, client):
    response = client.get(STREAMS)
    policy, page = response["Content-Security-Policy"], response.content.decode()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert all(part.startswith(" src=") for part in page.split("<script")[1:])
    assert "//" not in page.replace("http://www.w3.org/2000/svg", "")
