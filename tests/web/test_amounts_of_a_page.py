"""Amounts and facts that a page reads at once: the same as a query tells of each row, for every circle of people."""

from __future__ import annotations

from itertools import product

import pytest

from sivuvirta.web.accounts.viewer import Given, Viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.lists.listing import Listing, asked
from sivuvirta.web.registry.meters.meters import give_facts, with_facts
from sivuvirta.web.registry.models import model
from sivuvirta.web.registry.schemas import AMOUNT
from sivuvirta.web.registry.seen.amounts import BAND, give_amounts, with_amount

FACTS = ("has_analyses", "has_fates")
AT = "streams"


def people(quantity) -> list[Viewer]:
    """Every circle, the holder's people, and one to whom the figure alone was disclosed."""
    given = Given("quantities", quantity.pk, quantity.holder_id, "value")
    circles = [Viewer("somebody", 1, floor) for floor in (Level.FACILITATORS, Level.MEMBERS, Level.PUBLIC)]
    return [*circles, Viewer("own", 2, Level.MEMBERS, frozenset({quantity.holder_id})), Viewer("told", 3, Level.MEMBERS, granted=(given,))]


def told(rows, names) -> dict[str, tuple[object, ...]]:
    return {row.row_key: tuple(getattr(row, name) for name in names) for row in rows}


@pytest.fixture
def quantity(register):
    return model("quantities").objects.filter(register=register, table=AT, vintage=register.vintage, value__isnull=False).first()


def test_amounts_read_for_a_page_are_those_that_a_query_tells(register, quantity):
    rows, wrong, hidden = model(AT).objects.filter(register=register), [], 0
    for circle, single, band in product(Level, (None, *Level), (None, *Level)):
        quantity.circle = circle
        quantity.circles = {} if single is None else {"value": int(single)}
        quantity.bands = {} if band is None else {"value": int(band)}
        quantity.save()
        for who in people(quantity):
            page = list(rows)
            give_amounts(page, AT, register, who)
            found, wanted = told(page, (*AMOUNT, BAND)), told(with_amount(rows, AT, register, who), (*AMOUNT, BAND))
            hidden += found[quantity.subject][0] is None
            if found != wanted:
                wrong.append((circle, single, band, who))
    assert wrong == []
    assert hidden


def test_facts_read_for_a_page_are_those_that_a_query_tells(register):
    rows = model(AT).objects.filter(register=register)
    analysis = model("analyses").objects.filter(register=register).first()
    for circle in Level:
        analysis.circle = circle
        analysis.save()
        for floor in (Level.FACILITATORS, Level.MEMBERS, Level.PUBLIC):
            who, page = Viewer("somebody", 1, floor), list(rows)
            give_facts(page, AT, register, who)
            assert told(page, FACTS) == told(with_facts(rows, AT, register, who), FACTS)


@pytest.mark.parametrize("floor", [Level.FACILITATORS, Level.PUBLIC])
def test_pages_of_a_sorted_list_follow_its_order(register, quantity, monkeypatch, floor):
    """Page by page the same rows in the same order as the whole list, which the files of it have: the known first, each way."""
    quantity.circle, quantity.circles = Level.FACILITATORS, {}
    quantity.save()
    model(AT).objects.filter(register=register, stream=quantity.subject).update(moisture=None, name=None)
    monkeypatch.setattr("sivuvirta.web.registry.lists.listing.PAGE", 1)
    table, who = model(AT).schema, Viewer("somebody", 1, floor)
    for sort in ("amount", "-amount", "moisture", "-moisture", "name", "-name"):
        whole = [row.row_key for row in Listing(register, table, who, asked(table, {"sort": sort})).rows]
        turned = [Listing(register, table, who, asked(table, {"sort": sort, "page": str(n + 1)})).page() for n in range(len(whole))]
        assert [row.row_key for page in turned for row in page.object_list] == whole
        assert len(whole) > 1
