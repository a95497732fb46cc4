"""Rates in per cent on the command line: what is taken, and what is asked for again."""

from __future__ import annotations

import click
import pytest

from sivuvirta.cli.common.amounts import Percent


@pytest.mark.parametrize(
    ("text", "rate"), [("5", 5.0), ("5%", 5.0), ("5 %", 5.0), ("2,5", 2.5), ("0.05%", 0.05), ("0", 0.0), ("-1.5", -1.5)]
)
def test_rates_are_per_cent(text, rate):
    assert Percent().convert(text, None, None) == rate


@pytest.mark.parametrize("text", ["0.05", "0,05", "-0.5", "0.999"])
def test_what_may_be_meant_as_a_share_is_asked_for_again(text):
    with pytest.raises(click.BadParameter, match="% a year"):
        Percent().convert(text, None, None)


def test_the_repair_names_both_meanings():
    with pytest.raises(click.BadParameter, match=r"'0.05' is 0.05 % a year. Write 5 for 5 %, or '0.05%' if you mean that."):
        Percent().convert("0.05", None, None)


def test_what_is_no_number_is_no_rate():
    with pytest.raises(click.BadParameter):
        Percent().convert("five", None, None)
