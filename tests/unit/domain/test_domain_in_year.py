"""A vintage shown as another year."""

from __future__ import annotations

from tests.builders import region


def test_the_year_and_its_law_change_and_the_money_stays():
    given = region(vintages=[{"vintage": "now", "year": 2024, "title": "Now", "discount_rate": 4}])
    later = given.in_year(2031)
    assert (later.year, later.day, later.vintage) == (2031, "2031-12-31", "now")
    assert later.table("vintages")["price_year"].tolist() == [2024]
    assert given.year == 2024
    assert given.in_year(2024) is given


def test_a_price_year_that_is_given_stays():
    given = region(vintages=[{"vintage": "now", "year": 2024, "title": "Now", "price_year": 2022}])
    assert given.in_year(2031).table("vintages")["price_year"].tolist() == [2022]
