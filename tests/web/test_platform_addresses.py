"""Addresses that somebody types or comes back to."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "told"), [("en", "There is nothing to open here"), ("fi", "Täällä ei ole mitään avattavaa")])
def test_an_address_that_only_takes_a_form_says_so_where_it_is_opened(language, told):
    answer = Client().get("/-/deliveries", headers={"accept": "text/html", "accept-language": language})
    assert answer.status_code == 405
    assert told in answer.content.decode()
    assert answer.headers["Allow"] == "POST"


@pytest.mark.django_db
def test_machines_get_no_page_for_it():
    answer = Client().get("/-/deliveries", headers={"accept": "application/json"})
    assert answer.status_code == 405
    assert answer.content == b""
